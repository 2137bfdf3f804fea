import type { Actor } from "../core/audit.ts"
import { Fault } from "../core/fault.ts"
import { ident } from "../core/ident.ts"
import type { Correction } from "../core/repair.ts"
import type { Applied, Session } from "../core/types.ts"
import { ensureAudit, recordAudit } from "./audit.ts"
import { LOCK_KEY } from "./holder.ts"
import { ensureLedger, ledgerName, ledgerRows } from "./ledger.ts"
import { MAY_THINK } from "./session-state.ts"

export interface RepairInput {
  readonly schema: string
  readonly actor: Actor
  /** The ledger as it was read when it was decided. */
  readonly expected: readonly Applied[]
  readonly corrections: readonly Correction[]
  /** What the audit table calls it: `repair`, `baseline`, `adopt`, `squash`. */
  readonly action: string
  readonly detail: string
}

/** Writes what is true into the ledger, in one transaction with its audit rows, under the migrations' lock. Throws `locked` when somebody migrates, `refused` when the ledger has changed meanwhile. */
export async function rewriteLedger(session: Session, input: RepairInput): Promise<void> {
  await ensureLedger(session, input.schema)
  await ensureAudit(session, input.schema)
  await session.script(`begin isolation level read committed read write; ${MAY_THINK}; set local search_path = ${ident(input.schema)}; set local lock_timeout = '10s'`)
  try {
    const [lock] = await session.query<{ got: boolean }>(`select pg_try_advisory_xact_lock(${LOCK_KEY}) as got`, [input.schema])
    if (!lock!.got) throw new Fault("locked", "somebody is migrating this database right now", "wait for it, then type the same command again")
    refuseOther(await ledgerRows(session, input.schema), input.expected)
    await write(session, input)
    await session.script("commit")
  } catch (error) {
    await session.script("rollback").catch(() => {}) // a dead session has rolled back already
    throw error
  }
}

function refuseOther(now: readonly Applied[], expected: readonly Applied[]): void {
  const key = (rows: readonly Applied[]): string => JSON.stringify(rows.map(row => [row.seq, row.name, row.sha256, row.state]))
  if (key(now) !== key(expected)) throw new Fault("refused", "the ledger was changed meanwhile; nothing was written", "type the same command again")
}

/** Rows that change their number step aside first: two may swap theirs. */
async function write(session: Session, input: RepairInput): Promise<void> {
  const { schema, actor } = input
  const changed = input.corrections.filter(one => one.why !== "same")
  for (const { from } of changed) if (from) await session.query(`update ${ledgerName(schema)} set version = -version - 1 where version = $1`, [from.seq])
  for (const { from, file } of changed) {
    if (from) await session.query(`update ${ledgerName(schema)} set version = $2, name = $3, checksum = $4 where version = -$1::bigint - 1`, [from.seq, file.seq, file.name, file.up.sha256])
    else await insert(session, input, file)
  }
  const event = { action: input.action, schema, result: "done", detail: input.detail } as const
  const kept = new Set(changed.map(one => one.file.seq))
  for (const { from } of changed) {
    if (from && !kept.has(from.seq)) await recordAudit(session, schema, actor, { ...event, version: from.seq, name: from.name, before: from.sha256, after: null })
  }
  for (const { from, file } of changed) {
    await recordAudit(session, schema, actor, { ...event, version: file.seq, name: file.name, before: from?.sha256 ?? null, after: file.up.sha256 })
  }
}

async function insert(session: Session, { schema, actor }: RepairInput, { seq, name, up }: Correction["file"]): Promise<void> {
  await session.query(`
    insert into ${ledgerName(schema)} (version, name, checksum, state, run_id, client, nself_version, finished_at, duration_ms)
    values ($1, $2, $3, 'applied', $4, current_setting('application_name'), $5, clock_timestamp(), 0)`, [seq, name, up.sha256, actor.runId, actor.nself])
}
