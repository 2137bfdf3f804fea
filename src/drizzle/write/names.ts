/** Names that a generated file imports from drizzle-orm, and words that JavaScript keeps for itself: no export may be called so. */
const TAKEN = new Set([
  "sql", "pgTable", "pgSchema", "pgEnum", "pgView", "pgMaterializedView", "pgSequence", "pgPolicy", "pgRole", "customType", "index", "uniqueIndex", "unique", "check", "primaryKey", "foreignKey",
  "smallint", "integer", "bigint", "smallserial", "serial", "bigserial", "real", "doublePrecision", "numeric", "boolean", "text", "varchar", "char", "uuid", "json", "jsonb", "date", "time", "timestamp",
  "interval", "inet", "cidr", "macaddr", "macaddr8", "point", "line", "bit", "vector", "halfvec", "sparsevec", "AnyPgColumn",
  "break", "case", "catch", "class", "const", "continue", "debugger", "default", "delete", "do", "else", "enum", "export", "extends", "false", "finally", "for", "function", "if", "import", "in",
  "instanceof", "new", "null", "return", "super", "switch", "this", "throw", "true", "try", "typeof", "var", "void", "while", "with", "yield", "let", "static", "await", "async", "of",
  "implements", "interface", "package", "private", "protected", "public", "arguments", "eval", "undefined", "NaN", "Infinity", "t",
])

/** Gives each thing a name of its own. Names differ in more than letter case, because file systems may not tell those apart. */
export function namer(taken: Iterable<string> = []): (...wishes: readonly string[]) => string {
  const used = new Set([...taken].map(name => name.toLowerCase()))
  return (...wishes) => {
    const last = wishes.at(-1)!
    const numbered = Array.from({ length: 10_000 }, (_, i) => `${last}${i + 2}`)
    const name = [...wishes, ...numbered].find(wish => !used.has(wish.toLowerCase()))!
    used.add(name.toLowerCase())
    return name
  }
}

/** A namer for exports. */
export const exportNamer = (): ReturnType<typeof namer> => namer(TAKEN)

/** `np_users` → `npUsers`; what cannot stand in an identifier is left out, and a digit in front gets an underscore. */
export function camel(name: string): string {
  const joined = name.replaceAll(/[^\p{ID_Continue}$]+/gu, "_").replace(/^_+|_+$/g, "").replaceAll(/_+(\p{ID_Continue})/gu, (_, letter: string) => letter.toUpperCase())
  const lower = /^[\p{Lu}\d]+$/u.test(joined) ? joined.toLowerCase() : joined.replace(/^\p{Lu}/u, letter => letter.toLowerCase())
  return lower === "" ? "unnamed" : /^\d/.test(lower) ? `_${lower}` : lower
}

/** A property as an object literal takes it. */
export function property(name: string): string {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) && name !== "__proto__" ? name : JSON.stringify(name)
}

/** `t.name`, `t["odd name"]`. */
export function member(of: string, name: string): string {
  return property(name) === name ? `${of}.${name}` : `${of}[${JSON.stringify(name)}]`
}

/** A text in double quotes. */
export const quoted = (text: string): string => JSON.stringify(text)

/** SQL as a template that gives back exactly this text. */
export function sqlTemplate(text: string): string {
  return `sql\`${text.replaceAll("\\", "\\\\").replaceAll("`", "\\`").replaceAll("${", "\\${")}\``
}

/** `{ a: 1, b: "x" }` without what is `undefined`; empty for nothing. */
export function options(values: Readonly<Record<string, string | undefined>>): string {
  const said = Object.entries(values).filter((pair): pair is [string, string] => pair[1] !== undefined)
  return said.length === 0 ? "" : `{ ${said.map(([key, value]) => `${key}: ${value}`).join(", ")} }`
}
