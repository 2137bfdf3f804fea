type Parse = (text: string) => { readonly stmts?: readonly { readonly stmt?: unknown }[] }

/**
 * How many statements two lists begin with that are the same to PostgreSQL: the same tree, wherever white space, brackets, capitals and quotes stand.
 * A text that its parser does not know is the same as itself only.
 *
 * @param keywords  what `pg_get_keywords()` lists; asked where it matters
 */
export async function sharedBeginning(a: readonly string[], b: readonly string[], keywords: () => Promise<ReadonlySet<string>>): Promise<number> {
  let known: ReadonlySet<string> | null = null
  let parse: Parse | null = null
  for (let at = 0; at < Math.min(a.length, b.length); at++) {
    const [left, right] = [a[at]!, b[at]!]
    if (words(left, null) === words(right, null)) continue
    known ??= await keywords()
    if (words(left, known) === words(right, known)) continue
    parse ??= await parser()
    const tree = treeOf(parse, left)
    if (tree === null || !same(tree, treeOf(parse, right))) return at
  }
  return Math.min(a.length, b.length)
}

/** Literals, quoted names, names, numbers, operators, and marks that stand alone. Source: PostgreSQL docs, "Lexical Structure". */
const WORD = /'(?:[^']|'')*'|"(?:[^"]|"")*"|[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*|\d[\w.]*|[-+*/<>=~!@#%^&|`?:]+|\S/g

/** Comments, dollars and backslashes, literals with a letter in front, and literals in a row: whoever has them asks the parser. */
const OTHERWISE = /[$\\]|--|\/\*|[A-Za-z&]'|'\s+'/

/**
 * The words of a statement, one blank between them, in small letters: two texts with the same words are the same to the parser, and to PostgreSQL's own
 * scanner (`tokens.ts`), either of which takes a tenth of a second to load and to read a hundred tables. What is in doubt differs, and they are asked.
 * A quoted name that would be the same without quotes, and is no keyword, stands without them.
 */
function words(text: string, keywords: ReadonlySet<string> | null): string {
  if (OTHERWISE.test(text)) return text
  const found = text.match(WORD) ?? []
  return found.map(word => {
    if (/^[A-Za-z_]/.test(word)) return word.replace(/[A-Z]+/g, capitals => capitals.toLowerCase())
    const name = keywords && word.startsWith('"') ? word.slice(1, -1) : ""
    return /^[a-z_][a-z0-9_]*$/.test(name) && !keywords!.has(name) ? name : word
  }).join(" ").replace(/ ;$/, "")
}

async function parser(): Promise<Parse> {
  const { loadModule, parseSync } = await import("libpg-query")
  await loadModule()
  return parseSync as Parse
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
