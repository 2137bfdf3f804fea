import type { Context } from "../../core/context.ts"
import { planUp, type UpOptions } from "../../core/plan.ts"
import { loadParser } from "../../core/statements.ts"
import type { Selection } from "../../core/tenant.ts"
import type { TenantProgress, TenantRun } from "../../core/tenant-run.ts"
import type { Database, Session } from "../../core/types.ts"
import { actorOf } from "../runner/audit.ts"
import { blockingText, refuseBlocking } from "../runner/blocking.ts"
import { HOME, withSession } from "../database.ts"
import { refuseWrongMark, settleMark, type MarkQuestion } from "../runner/environment-mark.ts"
import { readHistory, refuseElsewhere, refuseUnsaidProd, setUp } from "../setup.ts"
import { ledgerOf } from "../runner/steps.ts"
import { checkFor } from "./check.ts"
import { fanOut, READERS, type FanOutOptions } from "./fan-out.ts"
import { withFleet, type Fleet } from "./fleet.ts"
import { prepareOverview } from "./overview.ts"

export interface TenantsUpRequest extends UpOptions, FanOutOptions {
  /** The value of `--env`. */
  readonly env: string | null
  /** The value of `--url`. */
  readonly url: string | null
  readonly selection: Selection
  /** The value of `--check`: `diff`, an SQL file or a command. */
  readonly check: string | null
  /** Build indexes that stop the writes to a big table in prod, too. */
  readonly allowBlocking?: boolean
}

/**
 * Applies the pending migrations to tenants, each whole or not at all. Failures are in the result; the others go on.
 * Throws what `planUp` throws of a tenant whose ledger does not fit the files, before anything is changed.
 */
export async function tenantsUp(ctx: Context, request: TenantsUpRequest, progress: (moment: TenantProgress) => void): Promise<TenantRun> {
  const setup = await setUp(ctx, request.env)
  refuseElsewhere(setup)
  const command = "db migrate up"
  if (!request.dryRun) refuseUnsaidProd(setup, command)
  const history = await readHistory(setup)
  const runId = ctx.uuid()
  const asked = actorOf(ctx, setup, runId) // answered while the database is reached
  return withFleet(ctx, setup, { url: request.url, command, runId, selection: request.selection, meanwhile: () => void loadParser() }, async fleet => {
    const question: MarkQuestion = { setup, history, ledger: [], command }
    prepareOverview(fleet, READERS)
    const actor = await asked
    if (fleet.database) await markHome(fleet.database, question, request.dryRun)
    const ran = await fanOut({
      ctx, fleet, direction: "up", files: history.files, planner: { goal: () => null, steps: rows => planUp(history.files, rows, request).steps }, actor, options: request,
      enter: session => mark(session, question, request.dryRun), check: checkFor(ctx, setup, fleet, request.check), progress,
      agree: async (pending, planned) => {
        const { tenantBlocking } = await import("./blocking.ts")
        const found = await tenantBlocking(pending, planned)
        if (!request.dryRun) refuseBlocking(found, setup.environment.name, request.allowBlocking ?? false)
        for (const one of found) ctx.talk(`warning: ${blockingText(one)}`)
      },
    })
    return tenantRun({ direction: "up", env: setup.environment.name, selection: request.selection, fleet, dryRun: request.dryRun }, ran)
  })
}

/** The book-keeping of the project's database, before tenants in it are changed. */
export async function markHome(database: Database, question: MarkQuestion, dryRun: boolean): Promise<void> {
  const ledger = await ledgerOf(database)
  await withSession(database, session => mark(session, { ...question, ledger }, dryRun))
}

/** The book-keeping of a whole database: the mark that says what it is for, and the table of who did what. */
async function mark(session: Session, question: MarkQuestion, dryRun: boolean): Promise<void> {
  if (dryRun) return refuseWrongMark(session, question)
  const { ensureAudit } = await import("../../pg/audit.ts")
  await settleMark(session, question)
  await ensureAudit(session, HOME)
}

/** The result of a run, whichever way it went. */
export function tenantRun(
  { direction, env, selection, fleet, dryRun }: { readonly direction: "up" | "down"; readonly env: string; readonly selection: Selection; readonly fleet: Fleet; readonly dryRun: boolean },
  { rows, pending, waves, stopped, elapsedMs }: Awaited<ReturnType<typeof fanOut>>,
): TenantRun {
  return {
    direction, env, dryRun, single: !selection.all && selection.slugs.length === 1, source: fleet.source, tenants: rows, left: fleet.left.map(one => one.slug),
    files: pending.map(({ name, up, down }) => {
      const file = direction === "up" ? up : down!
      return { name, path: file.path, sql: file.text }
    }), waves, stopped, elapsedMs,
  }
}
