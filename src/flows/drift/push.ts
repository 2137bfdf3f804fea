import { isSame } from "../../core/compare.ts"
import type { Context } from "../../core/context.ts"
import { claimOf, devOnlyFault } from "../../core/environment-mark.ts"
import { Fault } from "../../core/fault.ts"
import type { Ignored } from "../../core/filter.ts"
import type { PgError, Session } from "../../core/types.ts"
import { ddl } from "../../kinds/ddl.ts"
import { MAY_THINK } from "../../pg/session-state.ts"
import { actorOf } from "../runner/audit.ts"
import { HOME, withDatabase, withSession } from "../database.ts"
import { lossesNow, risksOf, unaccepted, type Risk } from "./data-loss.ts"
import { refuseUnlessDev } from "../runner/environment-mark.ts"
import { pushGoal, type Goal } from "./push-goal.ts"
import { readHistory, setUp } from "../setup.ts"
import { shadowsOf } from "../history/shadows.ts"
import { runStatements } from "./statements.ts"
import { ledgerOf } from "../runner/steps.ts"
import { readSchema } from "./ungenerated.ts"

export interface PushRequest {
  /** The value of `--env`. */
  readonly env: string | null
  /** The value of `--url`. */
  readonly url: string | null
  /** The value of `--shadow-url`. */
  readonly shadowUrl: string | null
  /** Tables and columns whose data may go. */
  readonly acceptLoss: readonly string[]
  /** `old=new`, as typed. */
  readonly renames: readonly string[]
  readonly noRenames: boolean
  readonly yes: boolean
  readonly dryRun: boolean
}

export interface Pushed {
  readonly env: string
  readonly database: string
  /** `refused`: nothing was changed, `failure` says why. */
  readonly status: "nothing" | "planned" | "pushed" | "refused"
  /** Without semicolons. */
  readonly statements: readonly string[]
  /** What loses data, in words; only where there is data to lose. */
  readonly losses: readonly string[]
  readonly ignored: Ignored
  readonly notes: readonly string[]
  readonly failure: Fault | null
}

const COMMAND = "db migrate push"
const HINT = "change the schema, or the rows that are in the way, then push again"

/** Makes a database of dev what the Drizzle schema says, without a migration. Throws `refused` elsewhere than in dev, before anything is asked. */
export async function push(ctx: Context, request: PushRequest): Promise<Pushed> {
  const setup = await setUp(ctx, request.env)
  const history = await readHistory(setup)
  const early = devOnlyFault(null, claimOf(setup.environment.name, history, []), true, COMMAND)
  if (early) throw early
  const schema = await readSchema(ctx, setup)
  if ("why" in schema) throw new Fault("usage", schema.why, "push needs the schema: say in drizzle.config.ts where it is")
  const actor = await actorOf(ctx, setup, ctx.uuid())
  const shadows = await shadowsOf(ctx, setup, request.shadowUrl)
  try {
    return await withDatabase(ctx, setup, { url: request.url, command: COMMAND, runId: actor.runId }, async database => {
      await refuseUnlessDev(database, { setup, history, ledger: await ledgerOf(database), command: COMMAND })
      return withSession(database, async session => {
        const goal = await pushGoal(session, { ctx, setup, schema, shadows, request })
        const plan = await planned(session, goal, request.acceptLoss)
        const base = { env: setup.environment.name, database: database.label, statements: plan.statements, losses: plan.lost.map(risk => risk.what), ignored: goal.ignored, notes: goal.notes, failure: null }
        if (plan.statements.length === 0) return { ...base, status: "nothing" }
        const failure = request.dryRun ? null : (lossFault(plan.lost, request.acceptLoss) ?? await refusal(ctx, request, plan, database.label))
        if (request.dryRun || failure) return { ...base, status: failure ? "refused" : "planned", failure }
        const { ensureAudit, recordAudit } = await import("../../pg/audit.ts")
        await ensureAudit(session, HOME)
        await apply(session, plan, request.acceptLoss, () => recordAudit(session, HOME, actor, {
          action: "push", schema: HOME, version: null, name: null, before: null, after: null, result: "done", detail: `${plan.statements.length} statements without a migration`,
        }))
        return { ...base, status: "pushed" }
      })
    })
  } finally {
    await shadows.close()
  }
}

interface Plan {
  readonly statements: readonly string[]
  readonly risks: readonly Risk[]
  /** The risks that come true by the rows of this moment. */
  readonly lost: readonly Risk[]
}

/** A value added to an enum cannot be used in its own transaction; PostgreSQL says so with this SQLSTATE. */
const UNSAFE_NEW_ENUM_VALUE = "55P04"

/** The statements, tried in the database itself and rolled back, so that what is asked about is known to work. */
async function planned(session: Session, { want, have, drift, renames }: Goal, accepted: readonly string[]): Promise<Plan> {
  if (renames.length === 0 && isSame(drift)) return { statements: [], risks: [], lost: [] }
  const risks = risksOf(want, have)
  try {
    return await tried(session, { statements: [...renames, ...ddl(want, have)], renames, risks }, accepted)
  } catch (error) {
    if (((error as Fault).cause as PgError | undefined)?.code !== UNSAFE_NEW_ENUM_VALUE) throw error
    return tried(session, { statements: [...renames, ...ddl(want, have, { swapEnums: true })], renames, risks }, accepted)
  }
}

async function tried(session: Session, { statements, renames, risks }: Omit<Plan, "lost"> & { readonly renames: readonly string[] }, accepted: readonly string[]): Promise<Plan> {
  await session.script(`begin; ${MAY_THINK}; set local lock_timeout = '2s'`)
  try {
    await runStatements(session, renames, HINT)
    const lost = await lossesNow(session, risks, false)
    if (unaccepted(lost, accepted).length === 0) await runStatements(session, statements.slice(renames.length), HINT)
    return { statements, risks, lost }
  } finally {
    await session.script("rollback")
  }
}

async function apply(session: Session, { statements, risks }: Plan, accepted: readonly string[], record: () => Promise<void>): Promise<void> {
  const { inLockedTransaction } = await import("../../pg/in-lock.ts")
  await inLockedTransaction(session, HOME, async () => {
    const fault = lossFault(await lossesNow(session, risks.filter(risk => unaccepted([risk], accepted).length > 0), true), accepted)
    if (fault) throw fault
    await runStatements(session, statements, HINT)
    await record()
  })
}

function lossFault(lost: readonly Risk[], accepted: readonly string[]): Fault | null {
  const open = unaccepted(lost, accepted)
  if (open.length === 0) return null
  return new Fault("refused", `this loses data, and nothing was changed:\n${open.map(risk => `  ${risk.what}`).join("\n")}`,
    `if the data may go: nself ${COMMAND} ${open.map(risk => `--accept-loss ${risk.object}`).join(" ")}`)
}

/** `null`: go on. On a terminal somebody says yes, elsewhere `--yes` does. */
async function refusal(ctx: Context, { yes }: PushRequest, { statements, lost }: Plan, label: string): Promise<Fault | null> {
  if (yes) return null
  if (!ctx.ask) return new Fault("usage", "nobody is there to say yes, so nothing was changed", `look at the statements above, then: nself ${COMMAND} --yes`)
  ctx.talk(`${statements.map(statement => `${statement};`).join("\n")}\n${lost.map(risk => `\n${risk.what}`).join("")}`)
  const answer = await ctx.ask(`Run this in ${label}?`, [{ value: "no", label: "no, change nothing" }, { value: "yes", label: "yes, all of it in one transaction" }])
  return answer === "yes" ? null : new Fault("refused", "nothing was changed")
}
