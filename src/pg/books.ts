import { Fault } from "../core/fault.ts"
import { ident, literal } from "../core/ident.ts"
import type { Session } from "../core/types.ts"
import { hasCode } from "./pg-error.ts"

/** What sessions that create the same table at once get to see: duplicate table, its row type, its row in a catalog, a lock time-out, a deadlock. */
const RACE = ["42P07", "42710", "42723", "23505", "55P03", "40P01", "XX000"]
const ATTEMPTS = 20

/**
 * Creates one of nself's own tables where it is missing. Any number may call this at once.
 *
 * @param sql  its CREATE TABLE, which names no schema
 * @throws `failed` when the role may not create it or the schema is missing
 */
export async function ensureTable(session: Session, schema: string, table: string, sql: string): Promise<void> {
  for (let attempt = 1; !(await hasTable(session, schema, table)); attempt++) {
    try {
      // No pg_temp behind it: where the schema is missing, the table would be made there.
      await session.script(`begin; set local search_path = ${ident(schema)}; set local lock_timeout = '10s'; ${sql}; commit`)
    } catch (error) {
      await session.script("rollback").catch(() => {}) // a dead session has rolled back already
      if (attempt >= ATTEMPTS || !hasCode(error, ...RACE)) throw await refusal(session, schema, error)
    }
  }
}

/** Whether the schema has this table, whatever `search_path` is. */
export async function hasTable(session: Session, schema: string, table: string): Promise<boolean> {
  const rows = await session.query(`
    select from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where n.nspname = $1 and c.relname = $2 and c.relkind in ('r', 'p')`, [schema, table])
  return rows.length > 0
}

async function refusal(session: Session, schema: string, error: unknown): Promise<unknown> {
  if (hasCode(error, "3F000")) return new Fault("failed", `schema ${ident(schema)} does not exist`, `create it: CREATE SCHEMA ${ident(schema)}`, error)
  if (!hasCode(error, "42501")) return error
  const [who] = await session.query<{ role: string }>("select current_user::text as role")
  const role = who?.role ?? "?"
  return new Fault("failed", `role ${literal(role)} may not create tables in schema ${ident(schema)}: ${(error as Error).message}`,
    `as its owner: GRANT USAGE, CREATE ON SCHEMA ${ident(schema)} TO ${ident(role)}`, error)
}
