import type { Imports } from "./column-text.ts"
import { sqlTemplate } from "./names.ts"

/** A file in the making: it knows what its text turned out to need. */
export interface SourceFile {
  /** Without `.ts`. */
  readonly name: string
  readonly use: Imports
  /** Another file's export; the same file's own names need no import. */
  readonly from: (file: string, name: string) => string
  readonly add: (text: string) => void
  readonly text: () => string
  readonly isEmpty: () => boolean
}

/** The types that have an export somewhere. */
export interface OwnTypes {
  readonly file: string
  readonly nameOf: (type: string) => string
  readonly isEnum: (type: string) => boolean
}

export function sourceFile(name: string, types: OwnTypes): SourceFile {
  const builders = new Set<string>()
  const others = new Map<string, Set<string>>()
  const parts: string[] = []
  let sql = false
  const from = (file: string, exported: string): string => {
    if (file !== name) others.set(file, (others.get(file) ?? new Set()).add(exported))
    return exported
  }
  const use: Imports = {
    builder: builder => {
      builders.add(builder)
      return builder
    },
    sql: text => {
      sql = true
      return sqlTemplate(text)
    },
    type: type => from(types.file, types.nameOf(type)),
    isEnum: types.isEnum,
  }
  const head = (): string[] => [
    ...(sql ? ['import { sql } from "drizzle-orm"'] : []),
    ...(builders.size > 0 ? [`import { ${[...builders].toSorted().map(one => (one === "AnyPgColumn" ? `type ${one}` : one)).join(", ")} } from "drizzle-orm/pg-core"`] : []),
    ...[...others].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([file, names]) => `import { ${[...names].toSorted().join(", ")} } from "./${file}"`),
  ]
  return { name, use, from, add: text => void parts.push(text), isEmpty: () => parts.length === 0, text: () => `${[...head(), ...(head().length > 0 ? [""] : [])].join("\n")}${head().length > 0 ? "\n" : ""}${parts.join("\n")}` }
}
