import auditSql from "../../migrations/0003_np_migrations_audit.sql" with { type: "text" }
import { auditDetail, type Actor, type AuditEvent, type AuditRow } from "../core/audit.ts"
import { constant, ident } from "../core/ident.ts"
import type { Noted } from "../core/tamper.ts"
import type { Session } from "../core/types.ts"
import { ensureTable, hasTable } from "./books.ts"
import type { Bound } from "./ledger-write.ts"
import { eventOf, type Step } from "./step.ts"

const TABLE = "np_migrations_audit"
const nameIn = (home: string): string => `${ident(home)}.${ident(TABLE)}`

/** Creates the audit table where it is missing. `home`: the application's schema; one table serves all tenants of a database. */
export async function ensureAudit(session: Session, home: string): Promise<void> {
  await ensureTable(session, home, TABLE, auditSql)
}

/** Adds a row; inside a transaction it commits with what it tells of. The table must exist: `ensureAudit`. */
export async function recordAudit(session: Session, home: string, actor: Actor, event: AuditEvent): Promise<void> {
  await session.query(...recordSql(home, actor, event))
}

const COLUMNS = "schema_name, action, version, name, checksum_before, checksum_after, result, detail, run_id, os_user, host, ci_run, git_commit, nself_version"
const of = (actor: Actor): Bound[1] => [actor.runId, actor.osUser, actor.host, actor.ciRun, actor.gitCommit, actor.nself]
const told = ({ action, version, name, before, after, result, detail }: Omit<AuditEvent, "schema">): Bound[1] =>
  [action, version, name, before, after, result, detail === null ? null : auditDetail(detail)]

/** What `recordAudit` says. */
export function recordSql(home: string, actor: Actor, event: AuditEvent): Bound {
  return [`insert into ${nameIn(home)} (${COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`, [event.schema, ...told(event), ...of(actor)]]
}

/**
 * Adds a row for each event where a condition holds, all of them about one schema. As one statement without parameters.
 *
 * @param schema  SQL of the schema's name
 */
export function recordWhere(home: string, actor: Actor, events: readonly Omit<AuditEvent, "schema">[], schema: string, condition: string): string {
  const rows = events.map(event => `(${told(event).map(constant).join(", ")})`)
  return `insert into ${nameIn(home)} (${COLUMNS}) select ${schema}, e.*, ${of(actor).map(constant).join(", ")} from (values ${rows.join(", ")}) e where ${condition}`
}

/** Writes down that a step was done, where the step asks for it; in the step's own transaction. */
export async function writeDown(session: Session, step: Step): Promise<void> {
  if (step.audit) await recordAudit(session, step.audit.home, step.audit.actor, eventOf(step))
}

export interface AuditFilter {
  /** Newest rows, at most. */
  readonly limit: number
  /** Only those of this migration. */
  readonly version?: number
}

/** The newest rows, newest first; none where the table is not there. */
export async function readAudit(session: Session, home: string, { limit, version }: AuditFilter): Promise<readonly AuditRow[]> {
  if (!(await hasTable(session, home, TABLE))) return []
  const rows = await session.query<Row>(`
    select id::float8 as id, (extract(epoch from at) * 1000)::float8 as at, schema_name as schema, action, version::float8 as version, name, checksum_before as before,
      checksum_after as after, result, detail, run_id::text as "runId", role_name as role, os_user as "osUser", host, ci_run as "ciRun", git_commit as "gitCommit",
      nself_version as nself
    from ${nameIn(home)} where $1::bigint is null or version = $1 order by id desc limit $2`, [version ?? null, limit])
  return rows.map(row => ({ ...row, at: new Date(row.at) }))
}

interface Row extends Omit<AuditRow, "at"> {
  /** Milliseconds since 1970. */
  readonly at: number
}

/** The last word about each migration number of a schema's ledger; empty where there is no audit table. */
export async function notedRows(session: Session, home: string, schema: string): Promise<readonly Noted[]> {
  if (!(await hasTable(session, home, TABLE))) return []
  const rows = await session.query<Omit<Noted, "at"> & { readonly at: number }>(`
    select distinct on (version) version::float8 as version, coalesce(name, '') as name, checksum_after as after, (extract(epoch from at) * 1000)::float8 as at,
      role_name || coalesce(' (' || nullif(pg_catalog.concat_ws('@', os_user, host), '') || ')', '') as by
    from ${nameIn(home)}
    where schema_name = $1 and result = 'done' and version is not null and (checksum_before is not null or checksum_after is not null)
      and id > (select coalesce(max(id), 0) from ${nameIn(home)} where schema_name = $1 and result = 'done' and action = 'reset' and version is null)
    order by version, id desc`, [schema])
  return rows.map(row => ({ ...row, at: new Date(row.at) }))
}
