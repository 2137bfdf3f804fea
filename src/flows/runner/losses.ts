import type { Context } from "../../core/context.ts"
import { Fault } from "../../core/fault.ts"
import { lossesIn } from "../../core/losses.ts"
import type { Database, Migration } from "../../core/types.ts"
import type { CountedLoss } from "../../pg/count-losses.ts"
import { HOME, withSession } from "../database.ts"

/** What the down files of these migrations would take away, with what stands there now. */
export async function lossesOfDown(database: Database, steps: readonly Migration[]): Promise<readonly CountedLoss[]> {
  const losses = (await Promise.all(steps.map(({ down }) => lossesIn(down!.text)))).flat()
  if (losses.length === 0) return []
  const { countLosses } = await import("../../pg/count-losses.ts")
  return withSession(database, session => countLosses(session, HOME, losses))
}

/** One line each. */
export function lossLines(losses: readonly CountedLoss[]): readonly string[] {
  return losses.map(({ what, count, estimated, unit }) => `  ${what}: ${estimated ? "about " : ""}${count.toLocaleString("en")} ${unit}${count === 1 ? "" : "s"}`)
}

/** What a person must have typed to roll back where people work: the permission, and which database is meant. */
export interface Consent {
  readonly allowDataLoss: boolean
  /** The database's name, as typed. */
  readonly database: string | null
}

export interface Rollback {
  readonly database: Database
  readonly env: string
  readonly steps: readonly Migration[]
  readonly losses: readonly CountedLoss[]
}

/** In staging and prod a roll-back is refused, with what it would lose, unless it was allowed and the database was named: as an option, or on a terminal when asked. */
export async function refuseUnagreed({ database, env, steps, losses }: Rollback, { allowDataLoss, database: given }: Consent, ask: Context["ask"]): Promise<void> {
  if (env !== "staging" && env !== "prod") return
  const name = await withSession(database, async session => (await session.query<{ name: string }>("select current_database()::text as name"))[0]!.name)
  const question = `Rolling back ${steps.map(step => step.name).join(", ")} in ${env} loses:\n${losses.length === 0 ? "  no table, column or row" : lossLines(losses).join("\n")}\nType the name of the database to go on (${database.label}):`
  const typed = given ?? (allowDataLoss && ask ? await ask(question, []) : null)
  if (allowDataLoss && typed === name) return
  const what = `rolling back ${steps.map(step => step.name).join(", ")} in ${env}`
  const loses = losses.length === 0 ? `${what} was not agreed to (no table, column or row is lost, as far as the down files say)` : `${what} loses data:\n${lossLines(losses).join("\n")}`
  const wrong = allowDataLoss && typed !== null ? `\nthe database is not called ${typed}: ${database.label}` : ""
  throw new Fault("refused", `${loses}${wrong}\nnothing was changed`, `take a backup, or go forward with a new migration; to roll back all the same: nself db migrate down --env ${env} --allow-data-loss --database ${name}`)
}
