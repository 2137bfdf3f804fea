import type { Catalog } from "../../core/catalog.ts"
import { splitStatements } from "../../core/statements.ts"
import type { Migration, PgError, Session } from "../../core/types.ts"
import { inspect } from "../../kinds/inspect.ts"
import { openShadow } from "../../shadow/shadow.ts"
import { aside } from "./nested.ts"
import { replay } from "./replay.ts"

/** SQLSTATEs that only a transaction around the statements causes: a new enum value used at once, a statement that wants to be alone, COMMIT in a procedure. */
export const ONLY_OUTSIDE: readonly string[] = ["55P04", "25001", "2D000"]

/** Whether a text can be tried in a transaction that is rolled back: one that ends transactions itself would end ours. */
export async function runsInside(sql: string): Promise<boolean> {
  return (await splitStatements(sql)).every(one => one.transactional && !one.splits && !one.psql && one.control === null && one.trouble === null && one.node !== "CallStmt")
}

/** Runs a text as a migration file; PostgreSQL's error where it does not run. */
export async function runText(shadow: Session, sql: string): Promise<(Error & PgError) | null> {
  try {
    await replay(shadow, [{ seq: 0, name: "", up: { path: "the migration", text: sql, sha256: "" }, down: null }])
    return null
  } catch (error) {
    return ((error as Error).cause ?? error) as Error & PgError
  }
}

/**
 * What a text makes of a history, without changing the shadow; where it cannot run inside of a transaction, in a shadow of its own.
 *
 * @param shadow  holds `history`
 * @returns PostgreSQL's message where the text does not run
 */
export async function catalogAfter(shadow: Session, history: readonly Migration[], sql: string): Promise<Catalog | string> {
  const look = async (session: Session): Promise<Catalog | (Error & PgError)> => (await runText(session, sql)) ?? (await inspect(session.query))
  if (await runsInside(sql)) {
    const found = await aside(shadow, look)
    if (!(found instanceof Error)) return found
    if (!ONLY_OUTSIDE.includes(found.code)) return found.message
  }
  const fresh = await openShadow()
  try {
    await replay(fresh, history)
    const found = await look(fresh)
    return found instanceof Error ? found.message : found
  } finally {
    await fresh.close()
  }
}
