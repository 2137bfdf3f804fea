type Parse = (text: string) => { readonly stmts?: readonly { readonly stmt?: unknown }[] }

/**
 * How many statements two lists begin with that are the same to PostgreSQL: the same tree, wherever white space, brackets, capitals and quotes stand.
 * A text that its parser does not know is the same as itself only.
 */
export async function sharedBeginning(a: readonly string[], b: readonly string[]): Promise<number> {
  let parse: Parse | null = null
  for (let at = 0; at < Math.min(a.length, b.length); at++) {
    if (loose(a[at]!) === loose(b[at]!)) continue
    parse ??= await parser()
    const [left, right] = [treeOf(parse, a[at]!), treeOf(parse, b[at]!)]
    if (left === null || !same(left, right)) return at
  }
  return Math.min(a.length, b.length)
}

async function parser(): Promise<Parse> {
  const { loadModule, parseSync } = await import("libpg-query")
  await loadModule()
  return parseSync as Parse
}

/** Without white space and capitals that mean nothing, for whom the parser need not be asked. A text with comments, or with other ways to quote, stays as it is. */
function loose(text: string): string {
  if (/[$\\]|--|\/\*/.test(text)) return text
  return text.replace(/('(?:[^']|'')*'|"(?:[^"]|"")*")|\s*([(),])\s*|([A-Z]+)|\s+/g, (_, quoted?: string, mark?: string, capitals?: string) => quoted ?? mark ?? capitals?.toLowerCase() ?? " ").replace(/ ?;? ?$/, "")
}

function treeOf(parse: Parse, text: string): unknown {
  try {
    return parse(text).stmts?.map(({ stmt }) => stmt) ?? []
  } catch {
    return null
  }
}

/** Where in the text something stands. */
const PLACES: ReadonlySet<string> = new Set(["location", "name_location", "list_start", "list_end", "rexpr_list_start", "rexpr_list_end"])

/** Two values of JSON, but for the places. */
function same(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null || Array.isArray(a) !== Array.isArray(b)) return false
  const [left, right] = [a, b].map(one => Object.entries(one).filter(([key, value]) => !(PLACES.has(key) && typeof value === "number"))) as [[string, unknown][], [string, unknown][]]
  return left.length === right.length && left.every(([key, value]) => same(value, (b as Record<string, unknown>)[key]))
}
