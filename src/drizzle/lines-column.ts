import type { ColumnData } from "../kinds/column.ts"

/** A builder's call as it stands in a schema file, and the names it imports. */
export interface Code {
  readonly text: string
  /** From `drizzle-orm/pg-core`; `sql` from `drizzle-orm`. */
  readonly imports: readonly string[]
}

/** `fts_vector` → `ftsVector`, as people name their properties. */
export function propertyName(name: string): string {
  const camel = name.replace(/[^A-Za-z0-9]+(.)?/g, (_, next: string | undefined) => (next ?? "").toUpperCase())
  const word = camel === "" ? "column" : camel[0]!.toLowerCase() + camel.slice(1)
  return /^\d/.test(word) ? `_${word}` : word
}

export const quote = (text: string): string => JSON.stringify(text)
/** A template literal that Drizzle takes as SQL. */
export const sqlCode = (text: string): string => `sql\`${text.replace(/[`\\]|\$\{/g, found => `\\${found}`)}\``

const PLAIN: Readonly<Record<string, string>> = {
  integer: "integer", smallint: "smallint", text: "text", uuid: "uuid", boolean: "boolean", json: "json", jsonb: "jsonb", real: "real", "double precision": "doublePrecision",
  date: "date", inet: "inet", cidr: "cidr", macaddr: "macaddr", macaddr8: "macaddr8", point: "point", line: "line",
}
const SERIAL: Readonly<Record<string, string>> = { smallint: "smallserial", integer: "serial", bigint: "bigserial" }

export interface ColumnContext {
  /** Expression of its default; `null` where there is none. */
  readonly value: string | null
  /** Whether `serial` made it. */
  readonly serial: boolean
  readonly primary: boolean
  /** Code that stands for an enum of this type, by the type's name. */
  readonly enums: ReadonlyMap<string, string>
}

/** `ftsVector: tsvector("fts_vector").notNull(),` without the comma. */
export function columnCode(data: ColumnData, context: ColumnContext): Code {
  const made = typeCode(data, context)
  const value = context.serial ? null : context.value
  const parts = [
    made.text, data.type.endsWith("[]") ? ".array()" : "", context.primary ? ".primaryKey()" : "", data.notNull && !context.primary && !context.serial ? ".notNull()" : "",
    value === null ? "" : defaultCode(value, data), identityCode(data),
    data.generated === "" ? "" : `.generatedAlwaysAs(${sqlCode(data.expression!)})`,
  ]
  const text = parts.join("")
  return { text: `${propertyName(data.name)}: ${text}`, imports: [...made.imports, ...(text.includes("sql`") ? ["sql"] : [])] }
}

function typeCode(data: ColumnData, { serial, enums }: ColumnContext): Code {
  const base = data.type.replace(/(\[\])+$/, "")
  const call = (name: string, options = ""): Code => ({ text: `${name}(${quote(data.name)}${options})`, imports: [name] })
  if (serial) return call(SERIAL[base]!, base === "bigint" ? `, { mode: "number" }` : "")
  const enumeration = enums.get(base)
  if (enumeration !== undefined) return { text: `${enumeration}(${quote(data.name)})`, imports: [] }
  if (PLAIN[base]) return call(PLAIN[base])
  if (base === "bigint") return call("bigint", `, { mode: "number" }`)
  const [, word = "", numbers = "", zone = ""] = /^([a-z ]+?)(?:\(([\d,]+)\))?( with time zone| without time zone)?$/.exec(base) ?? []
  const [first, second] = numbers.split(",")
  const length = numbers === "" ? "" : `, { length: ${first} }`
  if (word === "character varying") return call("varchar", length)
  if (word === "character") return call("char", length)
  if (word === "numeric") return call("numeric", numbers === "" ? "" : `, { precision: ${first}${second === undefined ? "" : `, scale: ${second}`} }`)
  if (word === "timestamp" || word === "time") return call(word, timeOptions(numbers, zone))
  if (word === "interval") return call("interval", numbers === "" ? "" : `, { precision: ${first} }`)
  if (word === "vector" && numbers !== "") return call("vector", `, { dimensions: ${first} }`)
  return { text: `customType<{ data: string }>({ dataType: () => ${quote(base)} })(${quote(data.name)})`, imports: ["customType"] }
}

function timeOptions(precision: string, zone: string): string {
  const options = [...(zone === " with time zone" ? ["withTimezone: true"] : []), ...(precision === "" ? [] : [`precision: ${precision}`])]
  return options.length === 0 ? "" : `, { ${options.join(", ")} }`
}

function defaultCode(value: string, { type }: ColumnData): string {
  if (value === "now()") return type.startsWith("timestamp") || type.startsWith("date") || type.startsWith("time") ? ".defaultNow()" : `.default(${sqlCode(value)})`
  if (value === "gen_random_uuid()" && type === "uuid") return ".defaultRandom()"
  if (value === "true" || value === "false" || (/^-?\d{1,15}$/.test(value) && ["integer", "smallint", "bigint", "real", "double precision"].includes(type))) return `.default(${value})`
  const text = /^'((?:[^']|'')*)'(?:::character varying)?$/.exec(value)
  if (text && ["text", "character varying"].some(word => type.startsWith(word)) && !type.endsWith("[]")) return `.default(${quote(text[1]!.replaceAll("''", "'"))})`
  return `.default(${sqlCode(value)})`
}

function identityCode({ identity, sequence, table, name }: ColumnData): string {
  if (identity === "") return ""
  const options = sequence === null || (sequence.start === "1" && sequence.increment === "1" && sequence.cache === "1" && !sequence.cycle) ? ""
    : `{ name: ${quote(`${table.name}_${name}_seq`)}, startWith: ${sequence.start}, increment: ${sequence.increment}, cache: ${sequence.cache}, cycle: ${sequence.cycle} }`
  return identity === "a" ? `.generatedAlwaysAsIdentity(${options})` : `.generatedByDefaultAsIdentity(${options})`
}
