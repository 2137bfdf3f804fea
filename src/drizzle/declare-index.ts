import type { SQL } from "drizzle-orm"
import type { Index, IndexedColumn } from "drizzle-orm/pg-core"
import { Fault } from "../core/fault.ts"
import { literal } from "../core/ident.ts"
import { needsParens } from "./expression.ts"
import type { Writer } from "./writer.ts"

type Part = SQL | IndexedColumn

/** `CREATE UNIQUE INDEX … ON … USING gin (…) WITH (…) WHERE …`; CONCURRENTLY is left out, nothing is there yet to be blocked. */
export function indexDdl(w: Writer, index: Index, table: { schema: string | undefined; name: string }): string {
  const { config } = index
  const method = config.method && config.method !== "btree" ? ` USING ${w.names.quote(config.method)}` : ""
  const parts = (config.columns as Part[]).map(part => partDdl(w, part))
  return [
    `CREATE ${config.unique ? "UNIQUE " : ""}INDEX ${w.names.quote(indexName(w, index, table.name))} ON ${w.names.full(table.schema, table.name)}${method} (${parts.join(",")})`,
    withDdl(config.with),
    config.where ? `WHERE ${w.sql(config.where, "bare")}` : "",
  ].filter(part => part !== "").join(" ") + ";"
}

/** The name that was said, or drizzle-kit's `table_columns_index`. */
export function indexName(w: Writer, index: Index, table: string): string {
  if (index.config.name) return index.config.name
  const columns = (index.config.columns as Part[]).map(part => {
    if (!isSql(w, part)) return w.columnName(part as unknown as { name: string; keyAsName: boolean })
    throw new Fault("usage", `an index of table ${table} is over an expression and has no name`, `name it: index("${table}_…_idx").on(…)`)
  })
  return `${table}_${columns.join("_")}_index`
}

function isSql(w: Writer, part: Part): part is SQL {
  return w.orm.core.is(part, w.orm.core.SQL)
}

function partDdl(w: Writer, part: Part): string {
  if (isSql(w, part)) {
    const text = w.sql(part, "bare")
    return needsParens(text) ? `(${text})` : text
  }
  const { name, keyAsName, indexConfig } = part as unknown as {
    name: string; keyAsName: boolean; indexConfig?: { order?: string; nulls?: string; opClass?: string }
  }
  const descending = indexConfig?.order === "desc"
  const nulls = indexConfig?.nulls ?? (descending ? "first" : "last")
  return [
    w.names.quote(w.columnName({ name, keyAsName })),
    indexConfig?.opClass ?? "",
    descending ? "DESC" : "",
    // the other one is what PostgreSQL takes by itself, and methods without an order refuse to hear it
    nulls === (descending ? "first" : "last") ? "" : `NULLS ${nulls.toUpperCase()}`,
  ].filter(word => word !== "").join(" ")
}

/** `WITH (fillfactor='70')`, for indexes and views; empty for none. */
export function withDdl(options: Record<string, unknown> | undefined): string {
  const said = Object.entries(options ?? {}).filter(([, value]) => value !== undefined)
  if (said.length === 0) return ""
  return `WITH (${said.map(([key, value]) => `${snake(key)}=${literal(String(value))}`).join(", ")})`
}

function snake(key: string): string {
  return key.replaceAll(/[A-Z]/g, letter => `_${letter.toLowerCase()}`).replaceAll(/[^a-z0-9_.]/g, "")
}
