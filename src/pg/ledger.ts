import ledgerSql from "../../migrations/0001_np_migrations.sql" with { type: "text" }
import { Fault } from "../core/fault.ts"
import { ident, literal } from "../core/ident.ts"
import type { Applied, Session } from "../core/types.ts"
import { hasCode } from "./pg-error.ts"

/** The table that knows what was applied; it lives in the schema it speaks of. */
export const LEDGER = "np_migrations"

/** `"schema"."np_migrations"`: never found by `search_path`, which a migration may have changed. */
export const ledgerName = (schema: string): string => `${ident(schema)}.${ident(LEDGER)}`

/** What sessions that create the same table at once get to see: duplicate table, its row type, its row in a catalog, a lock time-out, a deadlock. */
const RACE = ["42P07", "42710", "23505", "55P03", "40P01"]

/** Creates the ledger where it is missing. Any number may call this at once. Throws `failed` when the role may not create it or the schema is missing. */
export async function ensureLedger(session: Session, schema: string): Promise<void> {
  for (let attempt = 1; !(await hasLedger(session, schema)); attempt++) {
    try {
      // No pg_temp behind it: where the schema is missing, the table would be made there.
      await session.script(`begin; set local search_path = ${ident(schema)}; set local lock_timeout = '10s'; ${ledgerSql}; commit`)
    } catch (error) {
      await session.script("rollback").catch(() => {}) // a dead session has rolled back already
      if (attempt >= 20 || !hasCode(error, ...RACE)) throw await refusal(session, schema, error)
    }
  }
}

/** The rows of the ledger by number, or `null` where there is none yet. One statement sees one moment. */
export async function readLedger(session: Session, schema: string): Promise<readonly Applied[] | null> {
  return (await hasLedger(session, schema)) ? await ledgerRows(session, schema) : null
}

interface Row {
  readonly version: number | string
  readonly name: string
  readonly checksum: string
  readonly state: Applied["state"]
  readonly statement_no: number | null
  readonly run_id: string
  readonly at: number
  readonly duration_ms: number | null
}

/** As `readLedger`, for a ledger that is known to be there. */
export async function ledgerRows(session: Session, schema: string): Promise<readonly Applied[]> {
  const rows = await session.query<Row>(`
    select version::float8 as version, name, checksum, state, statement_no, run_id::text as run_id, duration_ms,
      (extract(epoch from coalesce(finished_at, started_at)) * 1000)::float8 as at
    from ${ledgerName(schema)} where state <> 'reverted' order by version`)
  return rows.map(row => ({
    seq: Number(row.version), name: row.name, sha256: row.checksum, state: row.state, statementNo: row.statement_no,
    runId: row.run_id, appliedAt: new Date(Number(row.at)), durationMs: row.duration_ms,
  }))
}

async function hasLedger(session: Session, schema: string): Promise<boolean> {
  const rows = await session.query(`
    select from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where n.nspname = $1 and c.relname = $2 and c.relkind in ('r', 'p')`, [schema, LEDGER])
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
