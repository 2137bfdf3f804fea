import type { Catalog, CatalogObject } from "../core/catalog.ts"
import type { ColumnData, DefaultData } from "../kinds/column.ts"
import type { Json } from "./snapshot-of.ts"

const SERIAL: Readonly<Record<string, string>> = { smallint: "smallserial", integer: "serial", bigint: "bigserial" }

/**
 * One column as drizzle-kit writes it.
 *
 * @param primary  the column that alone is the table's primary key
 */
export function columnJson(catalog: Catalog, column: CatalogObject<ColumnData>, primary: string | null): Json {
  const { data } = column
  const serial = isSerial(catalog, column)
  const value = (catalog.objects.get(`default:${column.key}`)?.data as DefaultData | undefined)?.expression
  const enumeration = data.enum ? enumOf(catalog, data) : null
  return {
    name: data.name,
    type: serial ? SERIAL[data.type] : enumeration ? enumeration.type : typeJson(data.type),
    ...(enumeration ? { typeSchema: enumeration.schema } : {}),
    primaryKey: data.name === primary,
    notNull: data.notNull,
    ...(value === undefined || serial ? {} : { default: defaultJson(value) }),
    ...(data.generated === "" ? {} : { generated: { as: data.expression, type: "stored" } }),
    ...(data.identity === "" || !data.sequence ? {} : { identity: identityJson(data) }),
  }
}

function identityJson({ table, name, identity, sequence }: ColumnData): Json {
  const { increment, start, min, max, cache, cycle } = sequence!
  return {
    type: identity === "a" ? "always" : "byDefault", name: `${table.name}_${name}_seq`, schema: table.schema ?? "public",
    increment, startWith: start, minValue: min, maxValue: max, cache, cycle,
  }
}

/** As `serial` would have made it: a default from the sequence that this column owns. */
function isSerial(catalog: Catalog, { key, data }: CatalogObject<ColumnData>): boolean {
  const value = catalog.objects.get(`default:${key}`)?.detail ?? ""
  return data.type in SERIAL && data.notNull && value.startsWith("nextval(")
    && [...catalog.objects.values()].some(object => object.kind === "sequence owner" && object.detail === key)
}

/** The enum without its schema, with the brackets of an array, and the schema beside it. */
function enumOf(catalog: Catalog, { type }: ColumnData): { readonly type: string; readonly schema: string } | null {
  const base = type.replace(/(\[\])+$/, "")
  const found = catalog.objects.get(`enum:${base}`)?.data as { readonly schema: string | null; readonly name: string } | undefined
  return found ? { type: found.name + type.slice(base.length), schema: found.schema ?? "public" } : null
}

/** PostgreSQL's name of a type in drizzle-kit's spelling: `varchar(200)`, `numeric(10, 2)`, `timestamp (3) with time zone`. */
function typeJson(type: string): string {
  return type
    .replace(/^character varying/, "varchar").replace(/^character\b/, "char").replace(/^(numeric\(\d+),(\d)/, "$1, $2")
    .replace(/^(timestamp|time)\((\d)\)/, "$1 ($2)").replace(/ without time zone/, "")
}

/** drizzle-kit writes plain numbers and truth values as JSON, everything else as SQL. */
function defaultJson(expression: string): unknown {
  if (expression === "true" || expression === "false") return expression === "true"
  return /^-?(0|[1-9]\d{0,14})(\.\d+)?$/.test(expression) ? Number(expression) : expression
}
