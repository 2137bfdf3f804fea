import type { Context } from "../../core/context.ts"
import { claimOf, devOnlyFault } from "../../core/environment-mark.ts"
import { Fault } from "../../core/fault.ts"
import type { StepEvent, Steps } from "../../core/steps.ts"
import type { Database, Session } from "../../core/types.ts"
import { actorOf } from "../runner/audit.ts"
import { HOME, withDatabase, withSession } from "../database.ts"
import { appliedFiles } from "./diff.ts"
import { refuseUnlessDev } from "../runner/environment-mark.ts"
import { historiesOf } from "../history/histories.ts"
import { readLive } from "./live.ts"
import { resetPlan, type ResetPlan } from "./reset-plan.ts"
import { readHistory, setUp } from "../setup.ts"
import { shadowsOf } from "../history/shadows.ts"
import { runStatements } from "./statements.ts"
import { applyPending } from "../runner/up.ts"

export interface ResetRequest {
  /** The value of `--env`. */
  readonly env: string | null
  /** The value of `--url`. */
  readonly url: string | null
  /** The value of `--shadow-url`. */
  readonly shadowUrl: string | null
  readonly yes: boolean
  readonly dryRun: boolean
}

export interface Reset {
  readonly env: string
  readonly database: string
  readonly plan: ResetPlan
  /** `null`: nothing was changed. */
  readonly steps: Steps | null
}

/** Told as it happens: what was dropped, then each migration. */
export type ResetEvent = StepEvent | { readonly state: "dropped"; readonly plan: ResetPlan }

const COMMAND = "db migrate reset"

/**
 * Drops what the migrations made and nothing else, in one transaction with the ledger's rows, then applies all from scratch.
 * Throws `refused` elsewhere than in dev, and where something that no migration made stands on what would go.
 */
export async function reset(ctx: Context, request: ResetRequest, onEvent: (event: ResetEvent) => void): Promise<Reset> {
  const setup = await setUp(ctx, request.env)
  const history = await readHistory(setup)
  const early = devOnlyFault(null, claimOf(setup.environment.name, history, []), true, COMMAND)
  if (early) throw early
  const actor = await actorOf(ctx, setup, ctx.uuid())
  const shadows = await shadowsOf(ctx, setup, request.shadowUrl)
  try {
    return await withDatabase(ctx, setup, { url: request.url, command: COMMAND, runId: actor.runId }, async database => {
      const live = await readLive(database)
      const question = { setup, history, ledger: live.ledger, command: COMMAND }
      await refuseUnlessDev(database, question)
      const { applied } = appliedFiles(history.files, live.ledger)
      // all files are replayed before anything is dropped: what does not run in the shadow would not run afterwards either
      const [at] = await historiesOf({ root: setup.root, version: ctx.version, shadows }, [applied, history.files])
      const plan = resetPlan(at!.catalog, live.catalog)
      const result = { env: setup.environment.name, database: database.label, plan, steps: null }
      if (request.dryRun) return result
      await refuseUnsaid(ctx, request, database)
      await dropAll(database, plan, actor)
      onEvent({ state: "dropped", plan })
      const steps = await applyPending({ ctx, database, actor, question: { ...question, ledger: [] }, request: { dryRun: false }, onStep: onEvent })
      return { ...result, steps }
    })
  } finally {
    await shadows.close()
  }
}

/** On a terminal the database's name is typed, elsewhere `--yes` says that somebody means it. */
async function refuseUnsaid(ctx: Context, { yes }: ResetRequest, database: Database): Promise<void> {
  if (yes) return
  if (!ctx.ask) throw new Fault("usage", `reset drops the data of ${database.label}, and nobody is there to say yes; nothing was changed`, `look at nself ${COMMAND} --dry-run, then: nself ${COMMAND} --yes`)
  const [row] = await withSession(database, session => session.query<{ name: string }>("select current_database()::text as name"))
  const typed = await ctx.ask(`This drops all that the migrations made in ${database.label}, data included. Type the database's name to go on:`, [])
  if (typed !== row!.name) throw new Fault("refused", `that is not the database's name (${row!.name}); nothing was changed`)
}

async function dropAll(database: Database, { statements }: ResetPlan, actor: Awaited<ReturnType<typeof actorOf>>): Promise<void> {
  const [{ inLockedTransaction }, { ensureAudit, recordAudit }, { ensureLedger, ledgerName }] = await Promise.all([import("../../pg/in-lock.ts"), import("../../pg/audit.ts"), import("../../pg/ledger.ts")])
  await withSession(database, async (session: Session) => {
    await ensureLedger(session, HOME)
    await ensureAudit(session, HOME)
    await inLockedTransaction(session, HOME, async () => {
      await runStatements(session, statements, "drop or move by hand what stands on it, then run the command again")
      await session.query(`delete from ${ledgerName(HOME)}`)
      await recordAudit(session, HOME, actor, { action: "reset", schema: HOME, version: null, name: null, before: null, after: null, result: "done", detail: null })
    })
  })
}
