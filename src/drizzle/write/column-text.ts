import type { ColumnRow } from "../../kinds/column.ts"
import { options, quoted } from "./names.ts"

/** What a generated file needs to import. */
export interface Imports {
  /** Of `drizzle-orm/pg-core`. */
  readonly builder: (name: string) => string
  /** `sql` of `drizzle-orm`. */
  readonly sql: (text: string) => string
  /** Export names of the project's own types, by what `format_type` prints: an enum, or a custom type that is made for it. */
  readonly type: (type: string) => string
  /** Whether this type is an enum that has an export. */
  readonly isEnum: (type: string) => boolean
}

export interface ColumnShape extends Pick<ColumnRow, "name" | "type" | "typeName"> {
  /** `null` or left out: the type's own. */
  readonly collation?: string | null
}

/** Builders that take no more than a name, by `pg_type.typname`. */
const PLAIN: Readonly<Record<string, string>> = {
  int2: "smallint", int4: "integer", float4: "real", float8: "doublePrecision", bool: "boolean", text: "text", uuid: "uuid", json: "json", jsonb: "jsonb", date: "date",
  inet: "inet", cidr: "cidr", macaddr: "macaddr", macaddr8: "macaddr8", point: "point", line: "line",
}
const VECTORS = ["vector", "halfvec", "sparsevec"]

/** `varchar("mail", { length: 255 }).array()`: the type alone. `key`: the property it stands under, which need not be said twice. */
export function typeCall(column: ColumnShape, key: string, use: Imports): string {
  // Drizzle has no word for a collation, but a type of one's own may say anything
  if (column.collation) return elementCall({ name: column.name, type: `${column.type} COLLATE ${column.collation}`, typeName: "" }, key, use)
  const dimensions = /(?:\[\])+$/.exec(column.type)?.[0].length ?? 0
  const element = { ...column, type: column.type.replace(/(?:\[\])+$/, ""), typeName: dimensions > 0 ? (column.typeName?.replace(/^_/, "") ?? null) : column.typeName }
  return `${elementCall(element, key, use)}${".array()".repeat(dimensions / 2)}`
}

function elementCall(column: ColumnShape, key: string, use: Imports): string {
  const [builder, config] = builderOf(column, use)
  const name = column.name === key ? "" : quoted(column.name)
  return `${builder}(${[name, config].filter(part => part !== "").join(", ")})`
}

function builderOf({ type, typeName }: ColumnShape, use: Imports): readonly [builder: string, config: string] {
  const [first, second] = /\((\d+)(?:,(-?\d+))?\)/.exec(type)?.slice(1) ?? []
  const known = (name: string, config: Readonly<Record<string, string | undefined>> = {}) => [use.builder(name), options(config)] as const
  if (typeName !== null && PLAIN[typeName]) return known(PLAIN[typeName])
  switch (typeName) {
    case "int8": return known("bigint", { mode: '"number"' })
    case "numeric": return known("numeric", { precision: first, scale: first === undefined || second === "0" ? undefined : second })
    case "varchar": return known("varchar", { length: first })
    case "bpchar": if (first !== undefined) return known("char", { length: first })
      break
    case "bit": if (first !== undefined) return known("bit", { dimensions: first })
      break
    case "time": case "timetz": return known("time", { precision: first, withTimezone: typeName === "timetz" ? "true" : undefined })
    case "timestamp": case "timestamptz": return known("timestamp", { precision: first, withTimezone: typeName === "timestamptz" ? "true" : undefined })
    case "interval": if (type === "interval" || first !== undefined && type === `interval(${first})`) return known("interval", { precision: first })
      break
    case null: if (first !== undefined && VECTORS.includes(type.slice(0, type.indexOf("(")))) return known(type.slice(0, type.indexOf("(")), { dimensions: first })
  }
  return [use.type(type), ""]
}

/** What is taken for a text by Drizzle, so that a default may be written as one. */
const TEXTS = ["text", "varchar", "bpchar"]
const NUMBERS = ["int2", "int4", "int8"]

/** `.default("primary")`, `.defaultNow()`, or the expression as SQL where nothing shorter says exactly the same. */
export function defaultCall({ type, typeName }: ColumnShape, expression: string, use: Imports): string {
  if (expression === "now()" && ["timestamp", "timestamptz", "date", "time", "timetz"].includes(typeName ?? "")) return ".defaultNow()"
  if (expression === "gen_random_uuid()" && typeName === "uuid") return ".defaultRandom()"
  if (typeName === "bool" && (expression === "true" || expression === "false")) return `.default(${expression})`
  if (NUMBERS.includes(typeName ?? "") && /^\d{1,15}$/.test(expression)) return `.default(${Number(expression)})`
  const text = /^'((?:[^'\\]|'')*)'(?:::[^']*)?$/.exec(expression)?.[1]
  if (text !== undefined && (TEXTS.includes(typeName ?? "") || use.isEnum(type))) return `.default(${quoted(text.replaceAll("''", "'"))})`
  return `.default(${use.sql(expression)})`
}
