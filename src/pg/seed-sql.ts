import { Fault } from "../core/fault.ts"
import { psqlCommands, splitPsql, type CopyPart, type PsqlPart, type SqlPart } from "../core/psql-text.ts"
import { codeFrame, lineAt } from "../core/source.ts"
import { splitStatements, type Statement } from "../core/statements.ts"
import type { PgError, Session, SqlFile } from "../core/types.ts"
import { isLost, isPgError } from "./pg-error.ts"
import { freshState, MAY_THINK, searchPath } from "./session-state.ts"
import { recordSeed, type SeedRun } from "./seeds-ledger.ts"
import { sqlFault } from "./sql-fault.ts"

/** A seed that can run: what psql alone would understand is not in it. */
export interface SqlSeed {
  readonly file: SqlFile
  readonly parts: readonly (SqlPart | CopyPart)[]
}

/**
 * Takes a seed apart, before anything runs. Its own BEGIN at the start and COMMIT at the end are left out: it runs in one transaction anyway.
 * Throws `refused` with file and line for another BEGIN or COMMIT, a command of psql, a statement that cannot run in a transaction.
 */
export async function prepareSeed(file: SqlFile): Promise<SqlSeed> {
  const parts = await splitPsql(file.text)
  const command = psqlCommands(parts)[0]
  if (command) throw refused(file, command.start, `only psql knows \\${command.command}`, "take the lines that begin with a backslash out; what they would have done must be written as SQL")
  const statements = (await Promise.all(parts.map(statementsOf))).flat()
  const own = transactionOf(statements)
  for (const statement of statements) refuse(file, statement, own)
  const idle = [...own, ...statements.filter(saysNothing)]
  return { file, parts: parts.flatMap<SqlPart | CopyPart>(part => (part.kind === "meta" ? [] : part.kind === "sql" ? without(part, idle) : [part])) }
}

/** Statements with their place in the whole file. */
async function statementsOf(part: PsqlPart): Promise<readonly Statement[]> {
  if (part.kind !== "sql") return []
  return (await splitStatements(part.text)).map(statement => ({ ...statement, start: part.start + statement.start }))
}

/** The BEGIN that a file starts with and the COMMIT that it ends with. */
function transactionOf(statements: readonly Statement[]): readonly Statement[] {
  const own = statements.filter(statement => statement.trouble === "transaction")
  const [begin, commit] = [statements[0], statements.at(-1)]
  const whole = own.length === 2 && own[0] === begin && own[1] === commit && /^(begin|start)\b/i.test(begin!.text) && /^(commit|end)\b/i.test(commit!.text)
  return whole ? own : []
}

/** pg_dump 17 sets a setting to what it is anyway, and servers before 17 do not know it. */
function saysNothing({ node, text }: Statement): boolean {
  return node === "VariableSetStmt" && /^set\s+transaction_timeout\s*=\s*0$/i.test(text)
}

/** A part with those statements blanked, so that all other places stay what they are. */
function without(part: SqlPart, own: readonly Statement[]): SqlPart[] {
  const here = own.filter(({ start }) => start >= part.start && start < part.start + [...part.text].length)
  if (here.length === 0) return [part]
  const chars = [...part.text]
  for (const { start, text } of here) chars.fill(" ", start - part.start, start - part.start + [...text].length)
  return [{ ...part, text: chars.join("") }]
}

function refuse(file: SqlFile, statement: Statement, own: readonly Statement[]): void {
  if (statement.trouble === "transaction" && !own.includes(statement)) {
    throw refused(file, statement.start, "a seed must not begin or end a transaction itself; nself runs it in one", `take BEGIN, COMMIT and ROLLBACK out of ${file.path}`)
  }
  if (!statement.transactional) throw refused(file, statement.start, "this cannot run in a transaction, and a seed is one", "put it into a migration")
}

function refused(file: SqlFile, start: number, message: string, hint: string): Fault {
  const place = lineAt(file.text, start + 1)
  return new Fault("refused", `${file.path}${place ? `:${place.line}` : ""}: ${message}${place ? `\n${codeFrame(place)}` : ""}`, hint)
}

/**
 * Runs a seed and writes it down, in one transaction. The table of seeds must exist. Throws `failed` with file and line; nothing of it is left then.
 *
 * @param first  SQL that runs before the seed in the same transaction
 */
export async function applySeed(session: Session, seed: SqlSeed, run: SeedRun, first: string | null): Promise<void> {
  const started = performance.now()
  await freshState(session)
  try {
    await session.script(`begin; ${MAY_THINK}; set local search_path = ${searchPath(run.schema, run.extensionSchema)}; set local statement_timeout = 0`)
    if (first !== null) await session.script(first)
    for (const part of seed.parts) await (part.kind === "sql" ? runSql(session, seed.file, part) : runCopy(session, seed.file, part))
    await recordSeed(session, run, seed.file, performance.now() - started)
    await session.script("commit").catch((error: unknown) => {
      throw isPgError(error) && !isLost(error) ? sqlFault(seed.file, error, [], `PostgreSQL said so at COMMIT (a deferred constraint). ${NOTHING}`) : error
    })
  } catch (error) {
    await session.script("rollback").catch(() => {}) // a dead session has rolled back already
    throw error
  }
  await freshState(session) // pg_dump leaves an empty search_path behind
}

const NOTHING = "Nothing of this file is in the database."

async function runSql(session: Session, file: SqlFile, part: SqlPart): Promise<void> {
  try {
    await session.script(part.text)
  } catch (error) {
    if (!isPgError(error) || isLost(error)) throw error
    throw sqlFault(file, error, await statementsOf(part), NOTHING, part.start)
  }
}

async function runCopy(session: Session, file: SqlFile, part: CopyPart): Promise<void> {
  try {
    await session.copyIn(part.text, part.rows === "" ? [] : [part.rows])
  } catch (error) {
    if (!isPgError(error) || isLost(error)) throw error
    throw sqlFault(file, { ...fields(error), ...rowPlace(file, part, error) }, [part], NOTHING)
  }
}

/** PostgreSQL counts the rows of a COPY in its context; the statement itself is the place where it does not. */
function rowPlace(file: SqlFile, part: CopyPart, error: PgError): Pick<PgError, "position" | "statement"> {
  const row = /^COPY .*?, line (\d+)/.exec(error.where ?? "")?.[1]
  const line = part.rowsLine + Number(row) - 1
  const starts = file.text.split("\n").slice(0, line - 1)
  return row === undefined ? { statement: 0 } : { position: String([...starts.join("\n")].length + (starts.length > 0 ? 1 : 0) + 1) }
}

function fields(error: Error & PgError): Error & PgError {
  const { name, message, code, detail, hint, where, schema, table, column, constraint } = error
  return { name, message, code, ...(detail && { detail }), ...(hint && { hint }), ...(where && { where }), ...(schema && { schema }), ...(table && { table }), ...(column && { column }), ...(constraint && { constraint }) }
}
