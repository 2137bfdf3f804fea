import type { Context } from "../../core/context.ts"
import { planDown } from "../../core/plan.ts"
import { Fault } from "../../core/fault.ts"
import { pad } from "../../core/name.ts"
import { loadParser } from "../../core/statements.ts"
import type { Selection } from "../../core/tenant.ts"
import type { TenantProgress, TenantRun } from "../../core/tenant-run.ts"
import type { Applied, Migration, Session } from "../../core/types.ts"
import { actorOf } from "../runner/audit.ts"
import { HOME, withSession } from "../database.ts"
import { refuseWrongMark, type MarkQuestion } from "../runner/environment-mark.ts"
import { readHistory, refuseElsewhere, refuseUnsaidProd, setUp } from "../setup.ts"
import { ledgerOf } from "../runner/steps.ts"
import { checkFor } from "./check.ts"
import { fanOut, type FanOutOptions } from "./fan-out.ts"
import { withFleet, type Fleet } from "./fleet.ts"
import type { Planned } from "./pending.ts"
import { tenantRun } from "./up.ts"

export interface TenantsDownRequest extends FanOutOptions {
  /** The value of `--env`. */
  readonly env: string | null
  /** The value of `--url`. */
  readonly url: string | null
  readonly selection: Selection
  /** Everything above this number; each tenant's last one only when it is left out. */
  readonly to?: number
  readonly allowDataLoss: boolean
  /** The project's database by name, as typed: so that it is this one. `null`: not given. */
  readonly database: string | null
  /** The value of `--check`: `diff`, an SQL file or a command. */
  readonly check: string | null
}

/** Takes migrations back at tenants, each whole or not at all. Throws what `planDown` throws, before anything is changed. */
export async function tenantsDown(ctx: Context, request: TenantsDownRequest, progress: (moment: TenantProgress) => void): Promise<TenantRun> {
  const setup = await setUp(ctx, request.env)
  refuseElsewhere(setup)
  const command = "db migrate down"
  if (!request.dryRun) refuseUnsaidProd(setup, command)
  const history = await readHistory(setup)
  const { to } = request
  if (to !== undefined && to !== 0 && !history.files.some(file => file.seq === to)) throw new Fault("usage", `there is no migration ${pad(to)}`, "nself db migrate status --all-tenants")
  const actor = await actorOf(ctx, setup, ctx.uuid())
  return withFleet(ctx, setup, { url: request.url, command, runId: actor.runId, selection: request.selection, meanwhile: () => void loadParser() }, async fleet => {
    const question: MarkQuestion = { setup, history, ledger: fleet.database ? await ledgerOf(fleet.database) : [], command }
    if (fleet.database) await withSession(fleet.database, session => enter(session, question, request.dryRun))
    const ran = await fanOut({
      ctx, fleet, direction: "down", files: history.files, planner: { goal: rows => goalOf(rows, request.to), steps: (rows, goal) => planDown(history.files, rows, goal!).steps }, actor, options: request,
      enter: session => enter(session, question, request.dryRun), check: checkFor(ctx, setup, fleet, request.check), progress,
      agree: (pending, planned) => agree(ctx, fleet, setup.environment.name, pending, planned, request),
    })
    return tenantRun({ direction: "down", env: setup.environment.name, selection: request.selection, fleet, dryRun: request.dryRun }, ran)
  })
}

/** In staging and prod a roll-back is refused, with what it would take away over all tenants, unless it was allowed and the database was named. A dry run says it anywhere. */
async function agree(ctx: Context, { database }: Fleet, env: string, pending: readonly Migration[], planned: readonly Planned[], request: TenantsDownRequest): Promise<void> {
  const careful = env === "staging" || env === "prod"
  if (pending.length === 0 || !(careful || request.dryRun)) return
  const name = database ? await withSession(database, async session => (await session.query<{ name: string }>("select current_database()::text as name"))[0]!.name) : null
  if (!request.dryRun && request.allowDataLoss && (name === null || request.database === name)) return
  const { tenantLosses, tenantLossLines } = await import("./losses.ts")
  const lines = tenantLossLines(await tenantLosses(planned))
  if (request.dryRun) return void (lines.length > 0 && ctx.talk(`This would lose:\n${lines.join("\n")}`))
  const what = `rolling back ${pending.map(file => file.name).join(", ")} in ${env}, at ${planned.length} tenant${planned.length === 1 ? "" : "s"}`
  throw new Fault("refused", `${lines.length === 0 ? `${what}, was not agreed to (no table, column or row is lost, as far as the down files say)` : `${what}, loses data:\n${lines.join("\n")}`}\nnothing was changed`,
    `take a backup, or go forward with a new migration; to roll back all the same: nself db migrate down --all-tenants --env ${env} --allow-data-loss${name === null ? "" : ` --database ${name}`}`)
}

async function enter(session: Session, question: MarkQuestion, dryRun: boolean): Promise<void> {
  await refuseWrongMark(session, question)
  if (dryRun) return
  const { ensureAudit } = await import("../../pg/audit.ts")
  await ensureAudit(session, HOME)
}

/** The newest row that stays: the one before the last, or the newest that is not above `to`; 0 for none. */
function goalOf(rows: readonly Applied[], to: number | undefined): number {
  const seqs = rows.map(row => row.seq).toSorted((a, b) => b - a)
  return (to === undefined ? seqs[1] : seqs.find(seq => seq <= to)) ?? 0
}
