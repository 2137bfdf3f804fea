import { claimOf, devOnlyFault, markFault, type Claim } from "../../core/environment-mark.ts"
import type { Applied, Database, Session } from "../../core/types.ts"
import { HOME, withSession } from "../database.ts"
import type { Setup } from "../setup.ts"

/** What a flow knows of itself when it asks whether it may touch a database. */
export interface MarkQuestion {
  readonly setup: Pick<Setup, "environment">
  readonly history: Parameters<typeof claimOf>[1]
  /** The rows of the database's ledger. */
  readonly ledger: readonly Applied[]
  /** For messages: `db migrate push`. */
  readonly command: string
}

/** Refuses when the database says that it is another environment, or another project's; it may be touched otherwise. Writes nothing. */
export async function refuseWrongMark(session: Session, question: MarkQuestion): Promise<void> {
  const { readMark } = await import("../../pg/environment-mark.ts")
  throwIf(markFault(await readMark(session, HOME), claim(question), question.command))
}

/** As `refuseWrongMark`; a database without a mark gets this environment's. What `up` does. */
export async function settleMark(session: Session, question: MarkQuestion): Promise<void> {
  const { ensureMark } = await import("../../pg/environment-mark.ts")
  throwIf(markFault(await ensureMark(session, HOME, claim(question)), claim(question), question.command))
}

/**
 * For `push`, `reset`, `mock` and `seed --truncate`: refuses unless the environment is dev or test, by the mark in the database even
 * when `--env` says otherwise, and on another machine's database without any mark. Call it before anything is changed, and before anything is asked.
 */
export async function refuseUnlessDev(database: Database, question: MarkQuestion): Promise<void> {
  const { readMark } = await import("../../pg/environment-mark.ts")
  const mark = await withSession(database, session => readMark(session, HOME))
  throwIf(devOnlyFault(mark, claim(question), database.local, question.command))
}

function claim({ setup, history, ledger }: MarkQuestion): Claim {
  return claimOf(setup.environment.name, history, ledger)
}

function throwIf(fault: Error | null): void {
  if (fault) throw fault
}
