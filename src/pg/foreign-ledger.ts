import type { Tool } from "../core/foreign.ts"
import { ident } from "../core/ident.ts"
import type { Session } from "../core/types.ts"

/** One migration that another tool says is applied; what it does not note is `null`. */
export interface ForeignRow {
  readonly id: string | null
  /** 64 hex digits. */
  readonly hash: string | null
  /** Milliseconds since 1970: the time in drizzle-kit's journal. */
  readonly when: number | null
}

export interface ForeignLedger {
  /** `drizzle.__drizzle_migrations` */
  readonly table: string
  readonly rows: readonly ForeignRow[]
}

/** The tables that each tool may keep its history in, the likeliest first. */
const TABLES: Readonly<Record<Tool, readonly (readonly [schema: string, table: string])[]>> = {
  drizzle: [["drizzle", "__drizzle_migrations"], ["public", "__drizzle_migrations"]],
  "drizzle-folders": [["drizzle", "__drizzle_migrations"], ["public", "__drizzle_migrations"]],
  hasura: [["hdb_catalog", "schema_migrations"], ["hdb_catalog", "hdb_version"]],
  dbmate: [["public", "schema_migrations"]],
  "node-pg-migrate": [["public", "pgmigrations"]],
}

/** What another tool's own table says; `null` where it has none here. `named`: `schema.table`, where it has another name than usual. */
export async function readForeignLedger(session: Session, tool: Tool, named: string | null): Promise<ForeignLedger | null> {
  const tables = named === null ? TABLES[tool] : [named.includes(".") ? named.split(".", 2) as [string, string] : ["public", named] as const]
  for (const [schema, table] of tables) {
    const columns = await columnsOf(session, schema, table)
    if (columns.length === 0) continue
    const rows = await rowsOf(session, `${ident(schema)}.${ident(table)}`, columns)
    if (rows) return { table: `${schema}.${table}`, rows }
  }
  return null
}

async function columnsOf(session: Session, schema: string, table: string): Promise<readonly string[]> {
  const rows = await session.query<{ name: string }>(`
    select a.attname as name from pg_catalog.pg_attribute a join pg_catalog.pg_class c on c.oid = a.attrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where n.nspname = $1 and c.relname = $2 and a.attnum > 0 and not a.attisdropped`, [schema, table])
  return rows.map(row => row.name)
}

/** The columns say which form it is. */
async function rowsOf(session: Session, table: string, columns: readonly string[]): Promise<readonly ForeignRow[] | null> {
  const has = (...names: readonly string[]): boolean => names.every(name => columns.includes(name))
  if (has("hash", "created_at")) {
    const rows = await session.query<{ id: string | null; hash: string; when: number | null }>(
      `select ${has("name") ? "name::text" : "null::text"} as id, hash::text as hash, created_at::float8 as when from ${table} order by ${has("id") ? "id" : "created_at"}`)
    return rows.map(row => ({ id: row.id, hash: row.hash, when: row.when === null ? null : Number(row.when) }))
  }
  if (has("cli_state")) return cliState(await session.query<{ state: unknown }>(`select cli_state as state from ${table}`))
  const column = has("version") ? "version" : has("name") ? "name" : null
  if (column === null) return null
  const clean = has("dirty") ? "where not dirty" : ""
  const rows = await session.query<{ id: string }>(`select ${ident(column)}::text as id from ${table} ${clean}`)
  return rows.map(row => ({ id: row.id, hash: null, when: null }))
}

/** Hasura since its config version 3: `{"migrations": {"default": {"1600000000000": false}}}`, `true` for one that is half done. */
function cliState(rows: readonly { readonly state: unknown }[]): readonly ForeignRow[] | null {
  const state = rows[0]?.state as { readonly migrations?: Readonly<Record<string, Readonly<Record<string, boolean>>>> } | undefined
  if (!state?.migrations) return null
  return Object.values(state.migrations).flatMap(of => Object.entries(of).filter(([, dirty]) => !dirty).map(([id]) => ({ id, hash: null, when: null })))
}
