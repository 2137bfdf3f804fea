import ledgerText from "../../migrations/0001_np_migrations.sql" with { type: "text" }
import { ident } from "../core/ident.ts"
import type { Applied, Session } from "../core/types.ts"
import { ensureTable, hasTable } from "./books.ts"

/** The table that knows what was applied; it lives in the schema it speaks of. */
export const LEDGER = "np_migrations"

/** `"schema"."np_migrations"`: never found by `search_path`, which a migration may have changed. */
export const ledgerName = (schema: string): string => `${ident(schema)}.${ident(LEDGER)}`

/**
 * The CREATE TABLE of the ledger. Its texts are short (`ERROR_CHARS`), and PostgreSQL from 16 on can be told so: without a TOAST table and that one's index,
 * a ledger is two files instead of four and made in three quarters of the time, which ten thousand tenants notice.
 */
export const ledgerSql = (versionNum: number): string => (versionNum < 160_000 ? ledgerText : ledgerText.replaceAll(/ text\b/g, " text STORAGE PLAIN"))

/** Characters of PostgreSQL's words that the ledger keeps, so that a row is never longer than a page. */
export const ERROR_CHARS = 1500

/** Creates the ledger where it is missing. Any number may call this at once. Throws `failed` when the role may not create it or the schema is missing. */
export async function ensureLedger(session: Session, schema: string): Promise<void> {
  await ensureTable(session, schema, LEDGER, ledgerSql(session.versionNum))
}

/** The rows of the ledger by number, or `null` where there is none yet. One statement sees one moment. */
export async function readLedger(session: Session, schema: string): Promise<readonly Applied[] | null> {
  return (await hasTable(session, schema, LEDGER)) ? await ledgerRows(session, schema) : null
}

/** Every schema of the database that has a ledger: the home schema, and those of tenants that were migrated. */
export async function schemasWithLedger(session: Session): Promise<readonly string[]> {
  const rows = await session.query<{ schema: string }>(`
    select n.nspname::text as schema from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where c.relname = $1 and c.relkind in ('r', 'p')`, [LEDGER])
  return rows.map(row => row.schema)
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
