import { Fault } from "../core/fault.ts"
import { ident } from "../core/ident.ts"
import { messagesOf, type Message, type Statement } from "../core/statements.ts"
import type { Session } from "../core/types.ts"
import { writeDown } from "./audit.ts"
import { lockHolder, LOCK_KEY } from "./holder.ts"
import { ledgerRows } from "./ledger.ts"
import { markFailed, takeBack, writeDone, writeRow } from "./ledger-write.ts"
import { isTransient } from "./patience.ts"
import { isLost, isPgError } from "./pg-error.ts"
import { freshState, settingsFor } from "./session-state.ts"
import { send } from "./send.ts"
import { sqlFault } from "./sql-fault.ts"
import { fileOf, type Outcome, type Step } from "./step.ts"

/**
 * One try at one migration, in one transaction that also holds its ledger row: FAULTS.md, section 3. The ledger must exist.
 *
 * Throws a `failed` Fault with a code frame when PostgreSQL refuses a statement (nothing is left behind), and PostgreSQL's own error
 * where trying again can help: lock time-out, deadlock, serialization, lost connection.
 */
export async function applyInTransaction(session: Session, step: Step, statements: readonly Statement[]): Promise<Outcome> {
  await freshState(session)
  const settings = await settingsFor(session, step, "local")
  const started = performance.now()
  try {
    // A role's default isolation must not make the ledger's second reading see the first one's moment.
    await session.script(`begin isolation level read committed read write; ${settings}`)
    const state = await underLock(session, step)
    if (state !== "apply") {
      await session.script("rollback")
      return state === "busy" ? { kind: "busy", holder: await lockHolder(session, step.schema) } : { kind: "already" }
    }
    if (!(await work(session, step, statements))) return { kind: "already" }
    await runOf(session, step, COMMIT, [])
    return { kind: "applied", durationMs: Math.round(performance.now() - started) }
  } catch (error) {
    await session.script("rollback").catch(() => {}) // a dead session has rolled back already
    throw error
  }
}

/** Takes the lock, or says who is first; then, in a statement of its own, reads the ledger again. */
async function underLock(session: Session, step: Step): Promise<"apply" | "already" | "busy"> {
  const [row] = await session.query<{ got: boolean; home: string | null }>(
    `select pg_try_advisory_xact_lock(${LOCK_KEY}) as got, current_schema()::text as home`, [step.schema])
  if (!row!.got) return "busy"
  refuseWrongHome(step.schema, row!.home)
  return step.expect(await ledgerRows(session, step.schema))
}

/** A mistyped or missing schema must never mean another one. */
function refuseWrongHome(schema: string, home: string | null): void {
  if (home === schema) return
  throw new Fault("failed", `schema ${ident(schema)} does not exist, or this role may not use it`,
    `CREATE SCHEMA ${ident(schema)}, or GRANT USAGE ON SCHEMA ${ident(schema)} TO the role`)
}

/** Row and statements, not yet committed. `false`: somebody else's row is there, which the lock should have kept from happening. */
async function work(session: Session, step: Step, statements: readonly Statement[]): Promise<boolean> {
  const up = step.direction === "up"
  const xid = up ? await writeRow(session, step, null) : await takeBack(session, step)
  if (xid === null) {
    await session.script("rollback")
    return false
  }
  for (const message of messagesOf(fileOf(step).text, statements)) await runOf(session, step, message, statements)
  await session.script("reset session authorization; reset role") // the file may have become another one, who may not write the ledger
  const same = up ? await writeDone(session, step, xid) : (await xidOf(session)) === xid
  if (!same) throw await ownTransaction(session, step)
  await writeDown(session, step)
  return true
}

async function xidOf(session: Session): Promise<string | null> {
  const [row] = await session.query<{ xid: string | null }>("select pg_current_xact_id_if_assigned()::text as xid")
  return row?.xid ?? null
}

const COMMIT: Message = { start: 0, text: "commit", rows: null }

/** Sends a part of the file and turns what PostgreSQL says of it into a Fault, unless trying again can help. */
async function runOf(session: Session, step: Step, message: Message, statements: readonly Statement[]): Promise<void> {
  try {
    await send(session, message)
  } catch (error) {
    if (!isPgError(error) || isLost(error) || isTransient(error) || (error.code === "57014" && step.signal?.aborted)) throw error
    const atCommit = message === COMMIT ? "PostgreSQL said so at COMMIT (a deferred constraint). " : ""
    const within = statements.filter(one => one.start >= message.start)
    throw sqlFault(fileOf(step), error, atCommit ? [] : within, `${atCommit}Nothing of this file was applied; the database is as it was.`, message.start)
  }
}

/** The file said COMMIT or ROLLBACK: part of it is in the database and part of it may not be. The ledger says so from now on. */
async function ownTransaction(session: Session, step: Step): Promise<Fault> {
  await session.script("rollback").catch(() => {}) // ends a transaction that the file may have opened
  const { path } = fileOf(step)
  const message = `${path} ended nself's transaction itself (COMMIT or ROLLBACK); what it ran before and after that is not taken back`
  await markFailed(session, step, message)
  return new Fault("failed", message, `take BEGIN, COMMIT and ROLLBACK out of ${path}, then bring the database in order: nself db migrate diff`)
}
