import { Fault } from "../../core/fault.ts"
import { codeFrame, lineAt } from "../../core/source.ts"
import type { Message } from "../../core/statements.ts"
import type { Migration, PgError, Session, SqlFile } from "../../core/types.ts"
import { lendRoles, lendTablespaces } from "../generate/lent-roles.ts"
import { runTogether, type Refused } from "../../kinds/together.ts"

/** Runs the migration files in a shadow, oldest first. Throws a `failed` fault with file and line where one does not run. */
export async function replay(shadow: Session, migrations: readonly Migration[]): Promise<void> {
  for (const migration of migrations) await runFile(shadow, migration.up)
}

async function runFile(shadow: Session, file: SqlFile): Promise<void> {
  for (const { start, text, rows } of await partsOf(file)) {
    const run = (): Promise<unknown> => (rows === null ? shadow.script(text) : shadow.copyIn(text, [rows]))
    await run().catch(async (error: Error & PgError) => {
      if (error.code !== UNKNOWN_OBJECT || !(await lendShared(shadow, text))) throw notRunning(file, start, error)
      await run().catch((again: Error & PgError) => Promise.reject(notRunning(file, start, again)))
    })
  }
  await shadow.script("reset all")
}

/** Roles and tablespaces belong to a whole server, so no migration need make those that it names. */
async function lendShared(shadow: Session, text: string): Promise<boolean> {
  const roles = await lendRoles(shadow, [text])
  return (await lendTablespaces(shadow, [text]).catch(() => false)) || roles
}

/** SQLSTATE of `role "app" does not exist`, among others. */
const UNKNOWN_OBJECT = "42704"

/** Words of the statements that cannot share a message with others. They may stand in a comment or a function too: the parser decides. */
const ALONE = /\b(begin|start|commit|end|rollback|abort|call|concurrently|vacuum|cluster|reindex|database|tablespace|system|subscription|discard|copy|value)\b|^\\/im

/**
 * The file in the messages it is sent in, without what is about the server and not about a schema: one, unless it holds what PostgreSQL runs only outside of a transaction, or ends transactions itself,
 * as histories of other tools do. `up` refuses the latter; a history that was applied long ago must still be read.
 */
async function partsOf(file: SqlFile): Promise<readonly Message[]> {
  const whole = [{ start: 0, text: file.text, rows: null }]
  if (!ALONE.test(file.text)) return whole
  const { splitStatements, refuseTrouble } = await import("../../core/statements.ts")
  const statements = await splitStatements(file.text)
  refuseTrouble(file, statements.filter(one => one.trouble !== "transaction"))
  const here = statements.filter(one => !one.beyond)
  if (here.length < statements.length) return here
  return statements.some(one => one.trouble === "transaction" || one.control || one.psql || one.splits || !one.transactional || one.node === "CallStmt") ? statements : whole
}

function notRunning(file: SqlFile, start: number, said: Error & PgError): Fault {
  const place = said.position === undefined ? null : lineAt(file.text, start + Number(said.position))
  const where = place === null ? file.path : `${file.path}:${place.line}:${place.column}`
  const frame = place === null ? "" : `\n\n${codeFrame(place)}`
  return new Fault("failed", `${where} does not run in the shadow: ${said.message}${frame}`, `mend ${file.path}, then type the same command again`, said)
}

/**
 * Runs statements that may stand in any order: what fails is tried again after the others, until a round helps nobody.
 *
 * @param shadow  inside a transaction
 * @returns the statements that could not run, with PostgreSQL's reason
 */
export async function settle(shadow: Session, statements: readonly string[]): Promise<readonly Refused[]> {
  let open = statements.map(statement => ({ statement, reason: "" }))
  for (let before = Infinity; open.length > 0 && open.length < before;) {
    before = open.length
    open = [...await runTogether(shadow, open.map(one => one.statement))]
  }
  return open
}
