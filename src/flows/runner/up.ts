import type { Actor } from "../../core/audit.ts"
import type { Context } from "../../core/context.ts"
import { planUp, type UpOptions } from "../../core/plan.ts"
import type { StepEvent, Steps, WaitLimits } from "../../core/steps.ts"
import { refuseFindings } from "../../core/tamper.ts"
import type { Applied, Database, Migration } from "../../core/types.ts"
import { actorOf } from "./audit.ts"
import { blockingIndexes, blockingText, refuseBlocking } from "./blocking.ts"
import { HOME, withDatabase, withSession } from "../database.ts"
import { refuseWrongMark, settleMark, type MarkQuestion } from "./environment-mark.ts"
import { findingsIn, ledgerOf, planned, runSteps } from "./steps.ts"
import { readHistory, refuseElsewhere, refuseUnsaidProd, setUp } from "../setup.ts"

export interface UpRequest extends UpOptions {
  /** The value of `--env`. */
  readonly env: string | null
  /** The value of `--url`. */
  readonly url: string | null
  readonly dryRun: boolean
  /** Indexes that stop a big table's writes are built in prod, too. */
  readonly allowBlocking?: boolean
  readonly limits?: WaitLimits
}

/**
 * Applies the pending migrations, each with its ledger row in one transaction. A migration that fails ends the run: what was applied
 * before it stays, and is in the result beside the failure.
 *
 * Throws what `planUp` throws, before anything is changed.
 */
export async function up(ctx: Context, request: UpRequest, onStep: (event: StepEvent) => void): Promise<Steps> {
  const setup = await setUp(ctx, request.env)
  refuseElsewhere(setup)
  if (!request.dryRun) refuseUnsaidProd(setup, "db migrate up")
  const history = await readHistory(setup)
  const { files } = history
  const actor = await actorOf(ctx, setup, ctx.uuid())
  return withDatabase(ctx, setup, { url: request.url, command: "db migrate up", runId: actor.runId, writes: !request.dryRun, ...(request.limits?.retryForMs === undefined ? {} : { retryForMs: request.limits.retryForMs }) }, async database => {
    const ledger = await ledgerOf(database)
    const question: MarkQuestion = { setup, history, ledger, command: "db migrate up" }
    await withSession(database, session => refuseWrongMark(session, question))
    refuseFindings(await findingsIn(database, files))
    return applyPending({ ctx, database, question, actor, request, onStep })
  })
}

export interface PendingRun {
  readonly ctx: Context
  readonly database: Database
  readonly question: MarkQuestion & { readonly history: { readonly files: readonly Migration[] } }
  readonly actor: Actor
  readonly request: Omit<UpRequest, "env" | "url">
  readonly onStep: (event: StepEvent) => void
}

/** Applies what the ledger in `question` does not have, in a database that is open and may be changed. */
export async function applyPending({ ctx, database, question, actor, request, onStep }: PendingRun): Promise<Steps> {
  const { setup, history: { files }, ledger } = question
  const { steps } = planUp(files, ledger, request)
  const target = { direction: "up", env: setup.environment.name, database: database.label } as const
  const blocking = await blockingIndexes(database, steps)
  for (const one of blocking) ctx.talk(`warning: ${blockingText(one)}`)
  if (request.dryRun || steps.length === 0) return planned(target, steps, ledger, request.dryRun)
  refuseBlocking(blocking, setup.environment.name, request.allowBlocking === true)
  await ensure(database, question)
  const expect = (migration: Migration) => (now: readonly Applied[]) => stillWanted(migration, files, now, request)
  return runSteps({ ctx, database, target, steps, ledger, actor, expect, onStep, ...(request.limits && { limits: request.limits }) })
}

/** Asked again under the lock: another runner may have been faster, or have other files. */
function stillWanted(migration: Migration, files: readonly Migration[], now: readonly Applied[], request: UpOptions): "apply" | "already" {
  const { steps } = planUp(files, now, request)
  return steps.some(step => step.seq === migration.seq) ? "apply" : "already"
}

/** The book-keeping tables, and the mark that says what this database is for. */
async function ensure(database: Database, question: MarkQuestion): Promise<void> {
  const { ensureLedger } = await import("../../pg/ledger.ts")
  const { ensureAudit } = await import("../../pg/audit.ts")
  await withSession(database, async session => {
    await ensureLedger(session, HOME)
    await ensureAudit(session, HOME)
    await settleMark(session, question)
  })
}
