import { Fault } from "../core/fault.ts"
import type { Statement } from "../core/statements.ts"
import type { Database, Session } from "../core/types.ts"
import { applyInTransaction } from "./apply.ts"
import { cancelling } from "./cancelling.ts"
import { WrongTarget } from "./connect.ts"
import { blockers, holderText, lockHolder, LOCK_KEY } from "./holder.ts"
import { readLedger } from "./ledger.ts"
import { withLockWait } from "./lock-wait.ts"
import { applyStatements } from "./nontransactional.ts"
import { interrupted, isTransient, pause, PATIENCE, pauseMs, type Patience } from "./patience.ts"
import { hasCode, isLost } from "./pg-error.ts"
import { watched } from "./watchdog.ts"
import { fileOf, type Outcome, type Step } from "./step.ts"

/** What became of a step once all waiting is over. */
export type Done = Exclude<Outcome, { kind: "busy" }>

/** Applies migrations one after the other, over one session that is replaced when it is lost. */
export interface Migrator {
  apply(step: Step): Promise<Done>
  close(): Promise<void>
}

/** Splits the text of a file; PostgreSQL's own parser does. */
export type Split = (text: string) => Promise<readonly Statement[]>

/** `patience` is filled up from `PATIENCE`. Opens its session at the first step. */
export function openMigrator(database: Database, split: Split, patience: Partial<Patience> = {}): Migrator {
  const limits = { ...PATIENCE, ...patience }
  const seat: Seat = { database, session: null }
  return {
    apply: async step => await applyPatiently(seat, { ...step, ...(limits.signal && { signal: limits.signal }), ...(limits.waiting && { talk: limits.waiting }) }, await split(fileOf(step).text), limits),
    close: async () => await seat.session?.close(),
  }
}

/** The place of the one session at a time. */
export interface Seat {
  readonly database: Database
  session: Session | null
}

/**
 * One try on the session given; the file decides whether one transaction or statement by statement. Where PostgreSQL finds a new enum value in use that the
 * parser did not see, or a partitioned table under a REINDEX, the whole transaction was rolled back, and the file runs statement by statement.
 */
export async function applyMigration(session: Session, step: Step, statements: readonly Statement[]): Promise<Outcome> {
  const whole = statements.every(statement => statement.transactional && !statement.splits)
  if (!whole) return applyStatements(session, step, apart(statements))
  return applyInTransaction(session, step, statements).catch((error: unknown) => {
    if (!(error instanceof Fault) || !(hasCode(error.cause, UNSAFE_NEW_ENUM_VALUE) || (hasCode(error.cause, NOT_IN_TRANSACTION) && statements.some(mayBePartitioned)))) throw error
    return applyStatements(session, step, apart(statements))
  })
}

const UNSAFE_NEW_ENUM_VALUE = "55P04"
const NOT_IN_TRANSACTION = "25001"

/** REINDEX and CLUSTER run in a transaction, but not where the table is partitioned, which the parser cannot know: in a file that is no transaction they run on their own. */
const mayBePartitioned = ({ node }: Statement): boolean => node === "ReindexStmt" || node === "ClusterStmt"
const apart = (statements: readonly Statement[]): readonly Statement[] => statements.map(one => (mayBePartitioned(one) ? { ...one, transactional: false } : one))

/** Tries again as long as that can help: a held migration lock, a lock time-out, a deadlock, a lost connection. */
async function applyPatiently(seat: Seat, step: Step, statements: readonly Statement[], patience: Patience): Promise<Done> {
  const end = patience.now() + patience.retryForMs
  let doubt: unknown = null
  for (let attempt = 1; ; attempt++) {
    try {
      if (patience.signal?.aborted) throw interrupted()
      const row = doubt ? await wasDone(seat, step, patience) : null
      if (row) return row
      doubt = null
      return await cancelling(step.signal, () => [seat.session], () => watched(seat, patience, () => withLockWait(patience, step.schema, async () => applyMigration(await sit(seat), step, statements))))
    } catch (error) {
      if (hasCode(error, "57014") && step.signal?.aborted) throw interrupted()
      if (!isTransient(error) && !isConnection(error)) throw error
      if (isConnection(error)) doubt = await leave(seat, error)
      const left = end - patience.now()
      if (left <= 0) throw await gaveUp(seat, step, error, patience.retryForMs)
      patience.waiting?.(`${step.migration.name}: ${(error as Error).message}; trying again`)
      await pause(patience, pauseMs(attempt, patience.random), left)
    }
  }
}

/** The session is gone, has become read-only (a failover), or a new one cannot be opened just now. */
function isConnection(error: unknown): boolean {
  const cause = error instanceof Fault ? error.cause : error
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : ""
  return isLost(cause) || ["53300", "25006", "ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT"].includes(code) || error instanceof WrongTarget
}

async function sit(seat: Seat): Promise<Session> {
  return (seat.session ??= await seat.database.session())
}

async function leave(seat: Seat, error: unknown): Promise<unknown> {
  const { session } = seat
  seat.session = null
  await session?.close()
  return error
}

/** After a lost answer only the ledger knows. The lock comes first: the old backend may still be on its way to its COMMIT. */
async function wasDone(seat: Seat, step: Step, patience: Patience): Promise<Done | null> {
  const session = await sit(seat)
  await withLockWait(patience, step.schema, async () => {
    const [row] = await session.query<{ got: boolean }>(`select pg_try_advisory_xact_lock(${LOCK_KEY}) as got`, [step.schema])
    return row!.got ? { kind: "free" } : { kind: "busy", holder: await lockHolder(session, step.schema) }
  })
  const row = (await readLedger(session, step.schema))?.find(one => one.seq === step.migration.seq)
  if (step.direction === "down") return row ? null : { kind: "applied", durationMs: 0 }
  return row?.state === "applied" && row.runId === step.runId ? { kind: "applied", durationMs: row.durationMs ?? 0 } : null
}

/** The limit is over. Never a last try without lock_timeout: the application would queue behind it. */
async function gaveUp(seat: Seat, step: Step, error: unknown, waitedMs: number): Promise<unknown> {
  const seconds = Math.round(waitedMs / 1000)
  if (!isTransient(error)) return unreachable(step, error as Error, seconds)
  const held = seat.session ? await blockers(seat.session, step.schema).catch(() => []) : []
  const who = held.map(holder => `\n  ${holderText(holder)}`).join("")
  return new Fault("locked", `${step.migration.name}: ${(error as Error).message}, for ${seconds} s; nothing of it was applied${who ? `\nlocks are held by:${who}` : ""}`,
    "let these transactions end, then run the command again", error)
}

/** Nobody can be asked whether the last try was committed, so nothing is said about it. */
function unreachable(step: Step, error: Error, seconds: number): Fault {
  return new Fault("failed", `${step.migration.name}: ${error.message}\nthe server could not be asked for ${seconds} s whether this migration was committed; its ledger knows`,
    "nself db migrate status; the next nself db migrate up goes on where the ledger says", error instanceof Fault ? error.cause : error)
}
