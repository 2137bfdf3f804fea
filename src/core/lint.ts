import { lineAt } from "./source.ts"
import { splitStatements, type Statement } from "./statements.ts"
import type { SqlFile } from "./types.ts"

/** Something about a file that `up` would refuse (`error`), or that is worth a look before it runs where people work (`warning`). */
export interface LintFinding {
  readonly rule: string
  readonly level: "error" | "warning"
  readonly path: string
  /** From 1. */
  readonly line: number
  readonly message: string
  readonly hint: string
}

type Rule = (statement: Statement, all: readonly Statement[]) => Pick<LintFinding, "rule" | "level" | "message" | "hint"> | null

/** Everything that can be said of a file without a database; PostgreSQL's own parser reads it. */
export async function lintFile(file: SqlFile): Promise<readonly LintFinding[]> {
  const statements = await splitStatements(file.text)
  return statements.flatMap(statement => RULES.flatMap(rule => {
    const said = rule(statement, statements)
    return said ? [{ ...said, path: file.path, line: lineAt(file.text, statement.start + 1)?.line ?? 1 }] : []
  }))
}

const RULES: readonly Rule[] = [
  ({ trouble }) => trouble === "transaction" ? error("own-transaction", "the file begins or ends a transaction itself; nself runs it in one",
    "take BEGIN, COMMIT and ROLLBACK out, or let the file's first line be -- nself:no-transaction") : null,
  ({ trouble }) => trouble === "psql" ? error("psql-command", "only psql knows this command", "write what it would have done as SQL") : null,
  ({ trouble }) => trouble === "copy" ? error("copy-without-rows", "COPY FROM STDIN without its rows and semicolon", "write it as pg_dump does, the rows below it and a line that is \\.") : null,
  ({ node, trouble }) => node === "" && trouble === null ? warning("not-understood", "PostgreSQL 18's parser does not understand this; the server will say what is wrong", "look for a missing semicolon or quote") : null,
  ({ transactional, control }) => !transactional && !control ? warning("no-transaction", "PostgreSQL runs this outside of a transaction: the file runs statement by statement, and one that fails half-way goes on there",
    "give it a migration of its own") : null,
  ({ splits, node }) => splits && node === "AlterEnumStmt" ? warning("new-enum-value", "the new value is used further down, which PostgreSQL allows only after this statement has committed: the file runs statement by statement",
    "put ALTER TYPE … ADD VALUE into a migration of its own") : null,
  ({ subject }) => subject?.kind === "create index" && subject.concurrent && subject.name === null ? warning("unnamed-index", "an index built CONCURRENTLY without a name: what a broken build leaves is found by its definition only",
    "give the index a name") : null,
  (statement, all) => blocks(statement, all) ? warning("blocking-index", "CREATE INDEX stops every write to its table while it runs", "CREATE INDEX CONCURRENTLY for a table over a million rows") : null,
]

/** An index on a table that was there before this file. */
function blocks({ subject, start }: Statement, all: readonly Statement[]): boolean {
  if (subject?.kind !== "create index" || subject.concurrent) return false
  const { schema, name } = subject.table
  return !all.some(one => one.start < start && one.subject?.kind === "create table" && one.subject.table.name === name && one.subject.table.schema === schema)
}

const error = (rule: string, message: string, hint: string) => ({ rule, level: "error", message, hint }) as const
const warning = (rule: string, message: string, hint: string) => ({ rule, level: "warning", message, hint }) as const
