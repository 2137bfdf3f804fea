import type { PgColumn } from "drizzle-orm/pg-core"
import type { SQL } from "drizzle-orm"
import { literal } from "../core/ident.ts"
import { constant } from "./value.ts"
import type { TableConfig } from "./declare-table.ts"
import { sequenceOptions } from "./declare-type.ts"
import type { Writer } from "./writer.ts"

/** `"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL`: one line of CREATE TABLE. */
export function columnDdl(w: Writer, column: PgColumn, { name: table, schema, primaryKeys }: Pick<TableConfig, "name" | "schema" | "primaryKeys">): string {
  const name = w.columnName(column)
  return [
    w.names.quote(name),
    typeOf(w, column),
    column.primary ? "PRIMARY KEY" : "",
    generatedOf(w, column),
    identityOf(w, column, table, name, schema),
    defaultOf(w, column),
    column.notNull || primaryKeys.some(key => key.columns.some(one => one.name === column.name)) ? "NOT NULL" : "",
  ].filter(part => part !== "").join(" ")
}

/** A column's type; an enum quoted and with its schema, which drizzle's own `getSQLType` leaves out; `timestamptz` by its short name. */
export function typeOf(w: Writer, column: PgColumn): string {
  const inner = baseOf(column)
  const type = enumOf(w, inner.column)
  return type === null ? column.getSQLType().replace(/^timestamp(?: ?(\(\d\)))? with time zone/, "timestamptz$1") : w.names.full(type.schema, type.enumName) + inner.dimensions
}

/** The enum that a column (or the innermost element of its arrays) is of. */
export function enumOf(w: Writer, column: PgColumn): { schema: string | undefined; enumName: string; enumValues: readonly string[] } | null {
  const found = (baseOf(column).column as PgColumn & { enum?: unknown }).enum
  return w.orm.pg.isPgEnum(found) ? found : null
}

function baseOf(column: PgColumn): { column: PgColumn; dimensions: string } {
  let inner = column as PgColumn & { baseColumn?: PgColumn; size?: number }
  let dimensions = ""
  while (inner.baseColumn) {
    dimensions += `[${inner.size ?? ""}]`
    inner = inner.baseColumn
  }
  return { column: inner, dimensions }
}

function generatedOf(w: Writer, column: PgColumn): string {
  const generated = column.generated as { as: unknown; mode?: string } | undefined
  if (!generated) return ""
  const as = typeof generated.as === "function" ? (generated.as as () => unknown)() : generated.as
  return `GENERATED ALWAYS AS (${sqlOrConstant(w, as, column)}) ${generated.mode === "virtual" ? "VIRTUAL" : "STORED"}`
}

function identityOf(w: Writer, column: PgColumn, table: string, name: string, schema: string | undefined): string {
  const identity = column.generatedIdentity
  if (!identity) return ""
  const sequence = w.names.full(schema, identity.sequenceName ?? `${table}_${name}_seq`)
  const options = [`SEQUENCE NAME ${sequence}`, ...sequenceOptions(identity.sequenceOptions ?? {})].join(" ")
  return `GENERATED ${identity.type === "always" ? "ALWAYS" : "BY DEFAULT"} AS IDENTITY (${options})`
}

function defaultOf(w: Writer, column: PgColumn): string {
  return column.default === undefined ? "" : `DEFAULT ${sqlOrConstant(w, column.default, column)}`
}

function sqlOrConstant(w: Writer, value: unknown, column: PgColumn): string {
  if (w.orm.core.is(value, w.orm.core.SQL)) return w.sql(value as SQL, "bare")
  if (typeof value === "string" && isJson(column)) return literal(jsonText(value))
  const driver: unknown = value === null ? null : column.mapToDriverValue(value as never)
  if (w.orm.core.is(driver, w.orm.core.SQL)) return w.sql(driver as SQL, "bare")
  return Array.isArray(driver) && isJson(column) ? literal(JSON.stringify(driver)) : constant(driver)
}

function isJson(column: PgColumn): boolean {
  return ["json", "jsonb"].includes(column.getSQLType().toLowerCase())
}

/** drizzle-kit writes a text as it is, so `jsonb().default("{}")` is an empty object to everybody; a text that is no JSON can only be meant as a JSON text. */
function jsonText(value: string): string {
  try {
    JSON.parse(value)
    return value
  } catch {
    return JSON.stringify(value)
  }
}
