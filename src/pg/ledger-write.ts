import type { Session } from "../core/types.ts"
import { ERROR_CHARS, ledgerName } from "./ledger.ts"
import type { Step } from "./step.ts"

/** The part of a step that the ledger is told. */
export type LedgerStep = Pick<Step, "migration" | "schema" | "runId" | "version">

/**
 * The row of a migration that is about to run, `running` until `writeDone`; a row that an earlier try left unfinished is taken over.
 *
 * @param statementNo  statements done, for a file that runs statement by statement; else `null`
 * @returns the transaction's number, or `null` when an applied row is there already
 */
export async function writeRow(session: Session, step: Step, statementNo: number | null): Promise<string | null> {
  const rows = await session.query<{ xid: string }>(...rowSql(step, statementNo))
  return rows[0]?.xid ?? null
}

/** An SQL text with its parameters. */
export type Bound = readonly [sql: string, params: readonly (string | number | null)[]]

/** What `writeRow` says. */
export function rowSql(step: LedgerStep, statementNo: number | null): Bound {
  const { migration } = step
  return [`
    insert into ${ledgerName(step.schema)} as ledger (version, name, checksum, state, statement_no, run_id, client, nself_version)
    values ($1, $2, $3, 'running', $4, $5, current_setting('application_name'), $6)
    on conflict (version) do update set name = excluded.name, checksum = excluded.checksum, state = 'running', statement_no = excluded.statement_no,
      run_id = excluded.run_id, applied_by = excluded.applied_by, client = excluded.client, nself_version = excluded.nself_version,
      started_at = excluded.started_at, finished_at = null, duration_ms = null, error = null
    where ledger.state <> 'applied'
    returning pg_current_xact_id()::text as xid`,
    [migration.seq, migration.name, migration.up.sha256, statementNo, step.runId, step.version]]
}

/** Ends this run's row. `false`: the row is not this transaction's any more, so the file ended the transaction itself (`xid` is `null` where that is allowed). */
export async function writeDone(session: Session, step: Step, xid: string | null): Promise<boolean> {
  return (await session.query(...doneSql(step, xid))).length > 0
}

/** What `writeDone` says. */
export function doneSql(step: LedgerStep, xid: string | null): Bound {
  return [`
    update ${ledgerName(step.schema)} set state = 'applied', statement_no = null, finished_at = clock_timestamp(), error = null,
      duration_ms = (extract(epoch from clock_timestamp() - started_at) * 1000)::int
    where version = $1 and run_id = $2 and ($3::text is null or pg_current_xact_id()::text = $3) returning version`,
    [step.migration.seq, step.runId, xid]]
}

/**
 * The row of a migration that has just run in this very transaction, written once instead of twice. A row that is there already is an error (23505).
 *
 * @param since  SQL of the moment it began
 */
export function appliedSql(step: LedgerStep, since: string): Bound {
  const { migration } = step
  return [`
    insert into ${ledgerName(step.schema)} (version, name, checksum, state, run_id, client, nself_version, started_at, finished_at, duration_ms)
    values ($1, $2, $3, 'applied', $4, current_setting('application_name'), $5, ${since}, clock_timestamp(), (date_part('epoch', clock_timestamp() - ${since}) * 1000)::int)`,
    [migration.seq, migration.name, migration.up.sha256, step.runId, step.version]]
}

/** Deletes the row of a migration that is being taken back. Returns the transaction's number, `null` when there was no row. */
export async function takeBack(session: Session, step: Step): Promise<string | null> {
  const rows = await session.query<{ xid: string }>(...takeBackSql(step))
  return rows[0]?.xid ?? null
}

/** What `takeBack` says. */
export function takeBackSql(step: LedgerStep): Bound {
  return [`delete from ${ledgerName(step.schema)} where version = $1 returning pg_current_xact_id()::text as xid`, [step.migration.seq]]
}

/** Says in the ledger, outside of any transaction, that a migration is neither applied nor absent. */
export async function markFailed(session: Session, step: Step, error: string): Promise<void> {
  const { migration } = step
  await session.query(`
    insert into ${ledgerName(step.schema)} (version, name, checksum, state, run_id, client, nself_version, error)
    values ($1, $2, $3, 'failed', $4, current_setting('application_name'), $5, $6)
    on conflict (version) do update set state = 'failed', error = excluded.error`,
    [migration.seq, migration.name, migration.up.sha256, step.runId, step.version, error.slice(0, ERROR_CHARS)])
}

/** How far a file that runs statement by statement has come, and what stopped it. The row of one that is being taken back stays `applied` until the end. */
export async function writeProgress(session: Session, step: Step, statementNo: number, failure: string | null): Promise<void> {
  await session.query(
    `update ${ledgerName(step.schema)} set statement_no = $2, error = $3, state = $4 where version = $1`,
    [step.migration.seq, statementNo, failure?.slice(0, ERROR_CHARS) ?? null, step.direction === "down" ? "applied" : failure === null ? "running" : "failed"])
}
