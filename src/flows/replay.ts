import { Fault } from "../core/fault.ts"
import { codeFrame, lineAt } from "../core/source.ts"
import type { Migration, PgError, Session, SqlFile } from "../core/types.ts"

/** Runs the migration files in a shadow, oldest first. Throws a `failed` fault with file and line where one does not run. */
export async function replay(shadow: Session, migrations: readonly Migration[]): Promise<void> {
  for (const migration of migrations) await runFile(shadow, migration.up)
}

async function runFile(shadow: Session, file: SqlFile): Promise<void> {
  try {
    await shadow.script(file.text)
    await shadow.script("reset all")
  } catch (error) {
    const said = error as Error & PgError
    const place = said.position === undefined ? null : lineAt(file.text, Number(said.position))
    const where = place === null ? file.path : `${file.path}:${place.line}:${place.column}`
    const frame = place === null ? "" : `\n\n${codeFrame(place)}`
    throw new Fault("failed", `${where} does not run in the shadow: ${said.message}${frame}`, `mend ${file.path}, then type the same command again`, error)
  }
}

/**
 * Runs statements that may stand in any order: what fails is tried again after the others, until a round helps nobody.
 *
 * @param shadow  inside a transaction: each try has a savepoint
 * @returns the statements that could not run, with PostgreSQL's reason
 */
export async function settle(shadow: Session, statements: readonly string[]): Promise<readonly { readonly statement: string; readonly reason: string }[]> {
  let open = statements.map(statement => ({ statement, reason: "" }))
  for (let before = Infinity; open.length > 0 && open.length < before;) {
    before = open.length
    const failed: typeof open = []
    for (const { statement } of open) {
      const reason = await reasonOf(shadow, statement)
      if (reason !== null) failed.push({ statement, reason })
    }
    open = failed
  }
  return open
}

async function reasonOf(shadow: Session, statement: string): Promise<string | null> {
  try {
    await shadow.script(`savepoint settling;\n${statement}\n;release settling`)
    return null
  } catch (error) {
    await shadow.script("rollback to settling; release settling")
    return error instanceof Error ? error.message : String(error)
  }
}
