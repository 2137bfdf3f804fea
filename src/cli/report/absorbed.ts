import type { Absorbed } from "../../core/generated.ts"

/** What to do in the schema files, so that the next `generate` does not take back what was just taken over. */
export function absorbedText({ imports, declarations, edits }: Absorbed): string[] {
  if (declarations.length + edits.length === 0) return []
  return [
    "To say the same in the Drizzle schema:", ...imports.map(line => `  ${line}`),
    ...edits.flatMap(({ what, code }) => ["", `  // ${what}`, ...(code === null ? [] : indented(code))]),
    ...declarations.flatMap(code => ["", ...indented(code)]),
  ]
}

const indented = (code: string): string[] => code.split("\n").map(line => `  ${line}`)
