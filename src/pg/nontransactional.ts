import { Fault } from "../core/fault.ts"
import type { Statement } from "../core/statements.ts"
import type { Applied, Session } from "../core/types.ts"
import { writeDown } from "./audit.ts"
import { lockHolder, LOCK_KEY } from "./holder.ts"
import { dropInvalid, indexState, LONG_LOCK_TIMEOUT } from "./index-concurrently.ts"
import { ledgerRows } from "./ledger.ts"
import { takeBack, writeDone, writeProgress, writeRow } from "./ledger-write.ts"
import { isTransient } from "./patience.ts"
import { isLost, isPgError } from "./pg-error.ts"
import { isPooled } from "./pooled.ts"
import { freshState, LOCK_TIMEOUT_MS, settingsFor } from "./session-state.ts"
import { sqlFault } from "./sql-fault.ts"
import { fileOf, type Outcome, type Step } from "./step.ts"

/**
 * One try at a file that PostgreSQL cannot run in one transaction: statement by statement, under a session lock, with the number of
 * statements done in the ledger after each one. A later try goes on there. Throws as `applyInTransaction` does.
 */
export async function applyStatements(session: Session, step: Step, statements: readonly Statement[]): Promise<Outcome> {
  refusePooler(session, step)
  await freshState(session)
  await session.script(await settingsFor(session, step.schema, step.extensionSchema, "session"))
  const [row] = await session.query<{ got: boolean; home: string | null }>(`select pg_try_advisory_lock(${LOCK_KEY}) as got, current_schema()::text as home`, [step.schema])
  if (!row!.got) return { kind: "busy", holder: await lockHolder(session, step.schema) }
  try {
    if (row!.home !== step.schema) throw new Fault("failed", `schema ${step.schema} does not exist, or this role may not use it`, "check the name of the schema")
    return await underLock(session, step, statements)
  } finally {
    await session.query(`select pg_advisory_unlock(${LOCK_KEY})`, [step.schema]).catch(() => {}) // a dead session has given it back
  }
}

function refusePooler(session: Session, step: Step): void {
  if (!isPooled(session)) return
  throw new Fault("refused", `${fileOf(step).path} holds a statement that cannot run in a transaction, and this connection goes through a pooler that gives every transaction another server session`,
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
  for (let i = from; i < statements.length; i++) await one(session, step, statements, i, i === from && resumed)
  await session.script("reset session authorization; reset role; begin") // the file may have become another one, who may not write the ledger
  await (step.direction === "up" ? writeDone(session, step, null) : takeBack(session, step))
  await writeDown(session, step)
  await session.script("commit")
  return { kind: "applied", durationMs: Math.round(performance.now() - started) }
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

async function one(session: Session, step: Step, statements: readonly Statement[], index: number, resumed: boolean): Promise<void> {
  const statement = statements[index]!
  try {
    if (statement.transactional) return await withProgress(session, step, statement, index)
    await alone(session, step, statement, resumed)
    await writeProgress(session, step, index + 1, null)
  } catch (error) {
    await session.script("rollback").catch(() => {})
    if (!isPgError(error) || isLost(error)) throw error
    await writeProgress(session, step, index, error.message)
    if (isTransient(error) || (error.code === "57014" && step.signal?.aborted)) throw error
    const done = index === 0 ? "No statement of this file was applied." : `The ${index} statements before it are applied; the next run goes on here.`
    throw sqlFault(fileOf(step), Object.assign(error, { statement: 0 }), [statement], done, statement.start)
  }
}

/** A statement that can run in a transaction commits together with its progress. */
async function withProgress(session: Session, step: Step, statement: Statement, index: number): Promise<void> {
  await session.script("begin")
  await session.script(statement.text)
  await writeProgress(session, step, index + 1, null)
  await session.script("commit")
}

/** A statement that PostgreSQL runs on its own. Success never means an INVALID index. */
async function alone(session: Session, step: Step, statement: Statement, resumed: boolean): Promise<void> {
  const { index } = statement
  if (!index) return await session.script(statement.text)
  const before = await indexState(session, step.schema, index)
  if (before === "building") throw Object.assign(new Error(`another session builds index ${index.name} right now`), { code: "55P03" })
  if (before === "valid" && resumed) return // the build outlived the run that had asked for it
  if (before === "invalid") await dropInvalid(session, step.schema, index)
  await build(session, step, statement.text, index)
  if ((await indexState(session, step.schema, index)) === "valid") return
  throw new Fault("failed", `index ${index.name} is not valid after ${fileOf(step).path} built it`, "nself db migrate up")
}

async function build(session: Session, step: Step, text: string, index: NonNullable<Statement["index"]>): Promise<void> {
  await session.script(`set lock_timeout = '${LONG_LOCK_TIMEOUT}'`)
  try {
    await session.script(text)
  } catch (error) {
    if (!isLost(error)) await dropInvalid(session, step.schema, index).catch(() => {}) // the next run would drop it
    throw error
  } finally {
    await session.script(`set lock_timeout = '${LOCK_TIMEOUT_MS}ms'`).catch(() => {})
  }
}
