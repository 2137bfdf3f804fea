import type { Context } from "../../core/context.ts"
import { Fault } from "../../core/fault.ts"
import { planDown } from "../../core/plan.ts"
import type { StepEvent, Steps, WaitLimits } from "../../core/steps.ts"
import { refuseFindings } from "../../core/tamper.ts"
import type { Applied, Migration } from "../../core/types.ts"
import { actorOf } from "./audit.ts"
import { HOME, withDatabase, withSession } from "../database.ts"
import { refuseWrongMark } from "./environment-mark.ts"
import { lossesOfDown, lossLines, refuseUnagreed } from "./losses.ts"
import { findingsIn, ledgerOf, planned, runSteps } from "./steps.ts"
import { readHistory, refuseElsewhere, refuseUnsaidProd, setUp } from "../setup.ts"

export interface DownRequest {
  /** The value of `--env`. */
  readonly env: string | null
  /** The value of `--url`. */
  readonly url: string | null
  /** Everything above this number; the last one only when it is left out. */
  readonly to?: number
  readonly dryRun: boolean
  readonly allowDataLoss: boolean
  /** The database's name, as typed: staging and prod want it. */
  readonly database?: string | null
  readonly limits?: WaitLimits
}

/**
 * Takes migrations back, newest first, each with its ledger row in one transaction.
 * Throws what `planDown` throws, and `refused` in staging and prod unless the losses were allowed and the database was named, before anything is changed.
 */
export async function down(ctx: Context, request: DownRequest, onStep: (event: StepEvent) => void): Promise<Steps> {
  const setup = await setUp(ctx, request.env)
  refuseElsewhere(setup)
  if (!request.dryRun) refuseUnsaidProd(setup, "db migrate down")
  const history = await readHistory(setup)
  const { files } = history
  const actor = await actorOf(ctx, setup, ctx.uuid())
  return withDatabase(ctx, setup, { url: request.url, command: "db migrate down", runId: actor.runId, writes: !request.dryRun, ...(request.limits?.retryForMs === undefined ? {} : { retryForMs: request.limits.retryForMs }) }, async database => {
    const ledger = await ledgerOf(database)
    await withSession(database, session => refuseWrongMark(session, { setup, history, ledger, command: "db migrate down" }))
    refuseFindings(await findingsIn(database, files))
    const { steps } = planDown(files, ledger, request.to)
    const target = { direction: "down", env: setup.environment.name, database: database.label } as const
    const losses = await lossesOfDown(database, steps)
    if (losses.length > 0 && request.dryRun) ctx.talk(`This would lose:\n${lossLines(losses).join("\n")}`)
    if (request.dryRun || steps.length === 0) return planned(target, steps, ledger, request.dryRun)
    await refuseUnagreed({ database, env: setup.environment.name, steps, losses }, { allowDataLoss: request.allowDataLoss, database: request.database ?? null }, ctx.ask)
    const { ensureAudit } = await import("../../pg/audit.ts")
    await withSession(database, session => ensureAudit(session, HOME))
    const expect = (migration: Migration) => (now: readonly Applied[]) => stillNewest(migration, now)
    return runSteps({ ctx, database, target, steps, ledger, actor, expect, onStep, ...(request.limits && { limits: request.limits }) })
  })
}

/** Asked again under the lock: only the newest row may go, whatever another runner did meanwhile. */
function stillNewest(migration: Migration, now: readonly Applied[]): "apply" | "already" {
  if (!now.some(row => row.seq === migration.seq)) return "already"
  const newest = now.toSorted((a, b) => b.seq - a.seq)[0]!
  if (newest.seq === migration.seq) return "apply"
  throw new Fault("refused", `${newest.name} was applied meanwhile, so ${migration.name} was not rolled back`, "nself db migrate status")
}
