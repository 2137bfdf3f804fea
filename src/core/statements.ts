import { Fault } from "./fault.ts"
import { hasDirective, markSplits, pairTransactions } from "./no-transaction.ts"
import { splitPsql, type PsqlPart } from "./psql-text.ts"
import { codeFrame, lineAt } from "./source.ts"
import { detachedBy, subjectOf, type Subject } from "./subject.ts"
import type { SqlFile } from "./types.ts"

/** One statement of a file, as PostgreSQL's own parser sees it. */
export interface Statement {
  /** Characters (code points, as PostgreSQL counts them) from 0 to its first word. */
  readonly start: number
  /** Without the semicolon and without what stands before its first word. */
  readonly text: string
  /** The parser's name for it: `CreateStmt`, `IndexStmt`; empty where the file could not be parsed. */
  readonly node: string
  /** `false`: PostgreSQL runs it only outside of a transaction (CREATE INDEX CONCURRENTLY, VACUUM …). */
  readonly transactional: boolean
  /** The statement itself may run in a transaction, but not in one with all of its file: a new enum value that is used further down; every one behind `-- nself:no-transaction`. */
  readonly splits: boolean
  /** `transaction`: it would begin or end a transaction; `copy`: it waits for rows that are not in the file; `psql`: a command of psql. */
  readonly trouble: "transaction" | "copy" | "psql" | null
  /** BEGIN and COMMIT of a file that says `-- nself:no-transaction`: what stands between them is one transaction. */
  readonly control: "begin" | "commit" | null
  /** What COPY FROM STDIN reads: the lines behind it, each with its line feed. */
  readonly rows: string | null
  /** Its file holds rows or commands for psql, so it is sent statement by statement. */
  readonly psql: boolean
  readonly subject: Subject | null
  /** About what no schema holds and a shadow has no like of: a database, a tablespace, a subscription, the server's settings. */
  readonly beyond: boolean
}

type Node = Readonly<Record<string, unknown>>

/**
 * The statements of an SQL text. A text that this parser does not understand comes back as one statement: the server, which may be
 * of another version, says then what is wrong with it, and where.
 */
export async function splitStatements(text: string): Promise<readonly Statement[]> {
  if (text.trim() === "") return []
  // The two things only psql understands leave a trace in the text; the parser decides whether it is one.
  const parts: readonly PsqlPart[] = /\\|stdin/i.test(text) ? await splitPsql(text) : [{ kind: "sql", line: 1, start: 0, text }]
  const { loadModule, parseSync } = await import("libpg-query")
  await loadModule()
  const psql = parts.some(part => part.kind !== "sql")
  const statements = parts.flatMap(part => statementsOf(part, parseSync as Parse)).map(one => ({ ...one, psql }))
  return hasDirective(text, statements[0]?.start ?? 0) ? pairTransactions(statements) : statements
}

/** Loads PostgreSQL's parser while something else is waited for. Never rejects: whoever needs the parser is told. */
export async function loadParser(): Promise<void> {
  await splitStatements("select 1").catch(() => {})
}

type Parse = (sql: string) => { readonly stmts?: readonly { readonly stmt?: unknown; readonly stmt_location?: number; readonly stmt_len?: number }[] }

const PLAIN = { node: "", transactional: true, splits: false, trouble: null, control: null, rows: null, psql: false, subject: null, beyond: false } as const

/** Commands of psql that pg_dump puts around a dump to protect psql itself; nself runs no psql, so there is nothing to protect. */
const HARMLESS = ["restrict", "unrestrict"]

function statementsOf(part: PsqlPart, parse: Parse): readonly Statement[] {
  if (part.kind === "copy") return [{ ...PLAIN, start: part.start, text: part.text, node: "CopyStmt", rows: part.rows }]
  if (part.kind === "meta") return HARMLESS.includes(part.command) ? [] : [{ ...PLAIN, start: part.start, text: `\\${part.command} ${part.args}`, trouble: "psql" }]
  const parsed = understood(part.text, parse)
  if (!parsed) return [{ ...PLAIN, start: part.start, text: part.text }]
  const at = cutter(part.text, part.start)
  const found = parsed.map(({ stmt, stmt_location = 0, stmt_len = 0 }) => {
    const cut = at(stmt_location, stmt_len)
    return { stmt: stmt as Node, statement: { ...PLAIN, ...cut, ...judged(stmt as Node, cut, stmt_location) } }
  })
  return markSplits(found)
}

function understood(text: string, parse: Parse): ReturnType<Parse>["stmts"] | null {
  try {
    return parse(text).stmts ?? []
  } catch {
    return null
  }
}

/** Refuses a file that would begin or end a transaction itself, wants rows that are not there, or speaks to psql: `file:line`, the line with a caret. */
export function refuseTrouble(file: SqlFile, statements: readonly Statement[]): void {
  const found = statements.find(one => one.trouble !== null)
  if (!found) return
  const place = lineAt(file.text, found.start + 1)
  const where = place ? `${file.path}:${place.line}` : file.path
  const frame = place ? `\n${codeFrame(place)}` : ""
  if (found.trouble === "copy") throw new Fault("refused", `${where}: COPY FROM STDIN needs the rows below it, and a semicolon behind it${frame}`, "write it as pg_dump does: COPY t FROM stdin; the rows; a line that is \\.")
  if (found.trouble === "psql") throw new Fault("refused", `${where}: only psql knows this command${frame}`, "take the lines that begin with a backslash out; what they would have done must be written as SQL")
  throw new Fault("refused", `${where}: a migration must not begin or end a transaction itself; nself runs it in one${frame}`,
    `take BEGIN, COMMIT and ROLLBACK out of ${file.path}, or let its first line be -- nself:no-transaction (statement by statement)`)
}

/** What is sent to a server at once: the whole file, or, where it was written for psql, one statement. */
export interface Message {
  /** Characters of the file in front of it. */
  readonly start: number
  readonly text: string
  /** Rows that go with it over COPY. */
  readonly rows: string | null
}

/** A file in the messages it is sent in. */
export function messagesOf(text: string, statements: readonly Statement[]): readonly Message[] {
  return statements.some(one => one.psql) ? statements : [{ start: 0, text, rows: null }]
}

/** Turns the parser's byte offsets into characters. Offsets only grow, so the text is walked once. */
function cutter(text: string, start: number): (location: number, length: number) => Pick<Statement, "start" | "text"> {
  const bytes = Buffer.from(text)
  let byte = 0
  let character = start
  return (location, length) => {
    character += [...bytes.toString("utf8", byte, location)].length
    byte = location
    const raw = bytes.toString("utf8", location, length === 0 ? bytes.length : location + length)
    return { start: character, text: raw.replace(/;?\s*$/, "") }
  }
}

function judged(stmt: Node, { text }: Pick<Statement, "text">, location: number): Pick<Statement, "node" | "transactional" | "trouble" | "subject" | "beyond"> {
  const [node, body] = Object.entries(stmt)[0] as [string, Node]
  const characters = (bytes: number): number => [...Buffer.from(text).toString("utf8", 0, bytes - location)].length
  return { node, transactional: !isOutside(node, body), trouble: troubleOf(node, body), subject: subjectOf(node, body, characters), beyond: isBeyond(node, body) }
}

const SAVEPOINTS = ["TRANS_STMT_SAVEPOINT", "TRANS_STMT_RELEASE", "TRANS_STMT_ROLLBACK_TO"]

function troubleOf(node: string, body: Node): Statement["trouble"] {
  if (node === "TransactionStmt") return SAVEPOINTS.includes(String(body["kind"])) ? null : "transaction"
  return node === "CopyStmt" && body["is_from"] === true && !body["filename"] ? "copy" : null
}

/** Statements that always refuse to run inside a transaction block. Source: `PreventInTransactionBlock` in PostgreSQL's sources. */
const ALWAYS_OUTSIDE = ["CreatedbStmt", "DropdbStmt", "CreateTableSpaceStmt", "DropTableSpaceStmt", "AlterSystemStmt"]

function isOutside(node: string, body: Node): boolean {
  if (ALWAYS_OUTSIDE.includes(node)) return true
  switch (node) {
    case "IndexStmt":
    case "DropStmt": return body["concurrent"] === true
    case "VacuumStmt": return body["is_vacuumcmd"] === true
    case "ClusterStmt": return body["relation"] === undefined
    case "DiscardStmt": return body["target"] === "DISCARD_ALL"
    case "ReindexStmt": return has(body["params"], "concurrently") || /SCHEMA|SYSTEM|DATABASE/.test(String(body["kind"]))
    case "AlterTableStmt": return ((body["cmds"] ?? []) as readonly Node[]).some(command => detachedBy(command) !== null)
    case "CreateSubscriptionStmt":
    case "DropSubscriptionStmt": return true
    case "AlterSubscriptionStmt": return !ALWAYS_INSIDE.includes(String(body["kind"]))
    case "AlterDatabaseStmt": return has(body["options"], "tablespace")
    default: return false
  }
}

/** Forms of ALTER SUBSCRIPTION that ask nothing of the publisher. */
const ALWAYS_INSIDE = ["ALTER_SUBSCRIPTION_CONNECTION", "ALTER_SUBSCRIPTION_ENABLED", "ALTER_SUBSCRIPTION_SKIP"]

const BEYOND = /^((Createdb|Dropdb|AlterDatabase|AlterDatabaseSet|AlterDatabaseRefreshColl|AlterSystem)Stmt|(Create|Drop|Alter)(TableSpace|Subscription)(Options)?Stmt)$/
const BEYOND_OBJECTS = ["OBJECT_DATABASE", "OBJECT_TABLESPACE", "OBJECT_SUBSCRIPTION"]

function isBeyond(node: string, body: Node): boolean {
  return BEYOND.test(node) || [body["objtype"], body["objectType"], body["renameType"]].some(kind => BEYOND_OBJECTS.includes(String(kind)))
}

function has(params: unknown, name: string): boolean {
  return Array.isArray(params) && params.some((one: Node) => (one["DefElem"] as Node | undefined)?.["defname"] === name)
}
