import { Fault } from "../../core/fault.ts"
import { detailLines } from "../../core/row-data.ts"
import { codeFrame, lineAt } from "../../core/source.ts"
import type { PgError, Session } from "../../core/types.ts"

/**
 * Runs statements one after the other; the transaction is the caller's. Throws a `failed` fault that shows the one that PostgreSQL refused.
 *
 * @param hint  what to do then, where PostgreSQL has no hint of its own
 */
export async function runStatements(session: Session, statements: readonly string[], hint: string): Promise<void> {
  for (const statement of statements) await runStatement(session, statement, hint)
}

async function runStatement(session: Session, statement: string, hint: string): Promise<void> {
  try {
    await session.script(statement)
  } catch (error) {
    const said = error as Error & PgError
    if (!/^[0-9A-Z]{5}$/.test(said.code ?? "") || said.code === "55P03" || said.code.startsWith("08")) throw error
    const place = said.position === undefined ? null : lineAt(statement, Number(said.position))
    const lines = [said.message, ...detailLines({ code: said.code, ...(said.detail && { detail: said.detail }) }), "", place ? codeFrame(place) : statement, "", `SQLSTATE ${said.code}. Nothing was changed.`]
    throw new Fault("failed", lines.join("\n"), said.hint ?? hint, error)
  }
}
