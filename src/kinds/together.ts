import type { PgError, Session } from "../core/types.ts"

export interface Refused {
  readonly statement: string
  /** PostgreSQL's message. */
  readonly reason: string
}

/**
 * Runs statements in their order and in as few messages as can be: all in one; where one fails, those before it, then those behind it.
 *
 * @param session  inside a transaction: what fails is undone by a savepoint, the rest stays
 * @returns the statements that PostgreSQL refused, in order
 */
export async function runTogether(session: Session, statements: readonly string[]): Promise<readonly Refused[]> {
  if (statements.length === 0) return []
  const error = await tried(session, statements)
  if (error === null) return []
  if (statements.length === 1) return [{ statement: statements[0]!, reason: error.message }]
  // the place is a hint: a text that holds several statements shifts it, and then the halves find their own
  const at = Math.min(error.statement ?? Math.floor(statements.length / 2), statements.length - 1)
  const before = await runTogether(session, statements.slice(0, at))
  const itself = await runTogether(session, statements.slice(at, at + 1))
  return [...before, ...itself, ...await runTogether(session, statements.slice(at + 1))]
}

async function tried(session: Session, statements: readonly string[]): Promise<(Error & PgError) | null> {
  try {
    await session.script("savepoint together")
    await session.script(joined(statements))
    await session.script("release together")
    return null
  } catch (error) {
    await session.script("rollback to together; release together")
    return error as Error & PgError
  }
}

/** One text; the semicolon stands on a line of its own, where no comment can swallow it. */
export const joined = (statements: readonly string[]): string => statements.join("\n;\n")
