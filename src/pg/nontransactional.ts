import { Fault } from "../core/fault.ts"
import type { Statement } from "../core/statements.ts"
import type { Applied, Session } from "../core/types.ts"
import { writeDown } from "./audit.ts"
import { lockHolder, LOCK_KEY } from "./holder.ts"
import { dropInvalid, LONG_LOCK_TIMEOUT } from "./index-state.ts"
import { ledgerRows } from "./ledger.ts"
import { takeBack, writeDone, writeProgress, writeRow } from "./ledger-write.ts"
import { invalidAfter, standing } from "./outside.ts"
import { interrupted, isTransient } from "./patience.ts"
import { isLost, isPgError } from "./pg-error.ts"
import { isPooled } from "./pooled.ts"
import { send } from "./send.ts"
import { freshState, lockTimeoutMs, settingsFor } from "./session-state.ts"
import { sqlFault } from "./sql-fault.ts"
import { fileOf, type Outcome, type Step } from "./step.ts"
import { unitsOf, type Unit } from "./units.ts"

/** A client whose machine is gone gives its lock back within half a minute, not after the two hours of TCP. */
const KEEPALIVE = "set tcp_keepalives_idle = 10; set tcp_keepalives_interval = 5; set tcp_keepalives_count = 3"
/** Milliseconds between two looks at an index that another session builds. */
const LOOK_AGAIN_MS = 500

/**
 * One try at a file that PostgreSQL cannot run in one transaction: statement by statement, under a session lock, with the number of
 * statements done in the ledger after each one. A later try goes on there. Throws as `applyInTransaction` does.
 */
export async function applyStatements(session: Session, step: Step, statements: readonly Statement[]): Promise<Outcome> {
  await refusePooler(session, step)
  await freshState(session)
  await session.script(await settingsFor(session, step, "session"))
  await session.script(KEEPALIVE).catch(() => {}) // not every platform has them
  const [row] = await session.query<{ got: boolean; home: string | null }>(`select pg_try_advisory_lock(${LOCK_KEY}) as got, current_schema()::text as home`, [step.schema])
  if (!row!.got) return { kind: "busy", holder: await lockHolder(session, step.schema) }
  try {
    if (row!.home !== step.schema) throw new Fault("failed", `schema ${step.schema} does not exist, or this role may not use it`, "check the name of the schema")
    return await underLock(session, step, statements)
  } finally {
    await session.query(`select pg_advisory_unlock(${LOCK_KEY})`, [step.schema]).catch(() => {}) // a dead session has given it back
  }
}

async function refusePooler(session: Session, step: Step): Promise<void> {
  if (!(await isPooled(session))) return
  throw new Fault("refused", `${fileOf(step).path} cannot run in one transaction, and this connection goes through a pooler that gives every transaction another server session`,
    "connect to the server itself for this migration: --url postgres://…")
}

async function underLock(session: Session, step: Step, statements: readonly Statement[]): Promise<Outcome> {
  const started = performance.now()
  const ledger = await ledgerRows(session, step.schema)
  if (step.expect(ledger) === "already") return { kind: "already" }
  const row = ledger.find(one => one.seq === step.migration.seq)
  const from = resumeAt(step, row)
  const resumed = row !== undefined && row.statementNo !== null
  if (step.direction === "up" && (await writeRow(session, step, from)) === null) return { kind: "already" }
  for (const unit of unitsOf(statements, from)) await runUnit(session, step, statements, unit, unit.from === from && resumed)
  await finish(session, step)
  return { kind: "applied", durationMs: Math.round(performance.now() - started) }
}

async function finish(session: Session, step: Step): Promise<void> {
  await session.script(`reset session authorization; reset role; set statement_timeout = 0; begin`) // the file may have become another one, who may not write the ledger
  await (step.direction === "up" ? writeDone(session, step, null) : takeBack(session, step))
  await writeDown(session, step)
  await session.script("commit")
}

/** The index of the statement to begin with. A row that is `applied` and has a statement number is one whose down file stopped there. */
function resumeAt(step: Step, row: Applied | undefined): number {
  if (!row?.statementNo || (step.direction === "down") !== (row.state === "applied")) return 0
  if (step.direction === "up" && row.sha256 !== step.migration.up.sha256) {
    throw new Fault("refused", `${fileOf(step).path} was altered after its first ${row.statementNo} statements had run, so nself cannot tell where to go on`,
      `restore its text from git, then: nself db migrate up`)
  }
  return row.statementNo
}

async function runUnit(session: Session, step: Step, statements: readonly Statement[], unit: Unit, resumed: boolean): Promise<void> {
  let at = unit.from
  try {
    if (!unit.transaction) {
      await alone(session, step, statements[at]!, resumed)
      return await writeProgress(session, step, unit.to, null)
    }
    await session.script("begin")
    for (; at < unit.to; at++) if (!statements[at]!.control) await send(session, statements[at]!)
    await writeProgress(session, step, unit.to, null)
    await session.script("commit")
  } catch (error) {
    throw await stopped(session, step, statements, unit, at, error)
  }
}

/** Notes how far the file came, and says where it stopped. */
async function stopped(session: Session, step: Step, statements: readonly Statement[], unit: Unit, at: number, error: unknown): Promise<unknown> {
  await session.script("rollback").catch(() => {})
  if (isLost(error)) return error
  await writeProgress(session, step, unit.from, (error as Error).message)
  if (!isPgError(error) || isTransient(error) || (error.code === "57014" && step.signal?.aborted)) return error
  const done = unit.from === 0 ? "No statement of this file was applied." : `The ${unit.from} statements before it are applied; the next run goes on here.`
  const statement = statements[Math.min(at, unit.to - 1)]!
  return sqlFault(fileOf(step), Object.assign(error, { statement: 0 }), [statement], done, statement.start)
}

/** A statement that PostgreSQL runs on its own. Success never means an INVALID index. */
async function alone(session: Session, step: Step, statement: Statement, resumed: boolean): Promise<void> {
  let found = await standing(session, step, statement, resumed)
  for (let told = false; found.kind === "building"; found = await standing(session, step, statement, resumed)) {
    if (!told) step.talk?.(`waiting for another session that builds index ${found.name} right now`)
    told = true
    if (step.signal?.aborted) throw interrupted()
    await Bun.sleep(LOOK_AGAIN_MS)
  }
  if (found.kind === "done") return
  await session.script(`set lock_timeout = '${LONG_LOCK_TIMEOUT}'`)
  try {
    await session.script(found.text)
  } catch (error) {
    if (!isLost(error)) await cleanUp(session, step, statement) // the next run would do it
    throw error
  } finally {
    await session.script(`set lock_timeout = '${lockTimeoutMs(step)}ms'`).catch(() => {})
  }
  const invalid = await invalidAfter(session, step, statement)
  if (invalid) throw new Fault("failed", `index ${invalid} is INVALID after ${fileOf(step).path}`, `if another session is not building it right now: DROP INDEX CONCURRENTLY ${invalid}, then nself db migrate up`)
}

async function cleanUp(session: Session, step: Step, statement: Statement): Promise<void> {
  const name = await invalidAfter(session, step, statement).catch(() => null)
  if (name !== null && statement.subject?.kind === "create index") await dropInvalid(session, statement.subject.table.schema ?? step.schema, name).catch(() => {})
}
