import { Fault } from "./fault.ts"
import { codeFrame, lineAt } from "./source.ts"
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
  /** `transaction`: it would begin or end a transaction; `copy`: it waits for rows that only psql could send; `psql`: a command of psql. */
  readonly trouble: "transaction" | "copy" | "psql" | null
  /** The index that CREATE INDEX CONCURRENTLY names, in the schema of its table (`null`: the statement says none). A broken build leaves it INVALID. */
  readonly index: { readonly schema: string | null; readonly name: string } | null
}

type Node = Readonly<Record<string, unknown>>

/**
 * The statements of an SQL text. A text that this parser does not understand comes back as one statement: the server, which may be
 * of another version, says then what is wrong with it, and where.
 */
export async function splitStatements(text: string): Promise<readonly Statement[]> {
  const { loadModule, parseSync } = await import("libpg-query")
  await loadModule()
  if (text.trim() === "") return []
  const parse = (part: string): Statement[] => {
    const at = cutter(part)
    return (parseSync(part).stmts ?? []).map(({ stmt, stmt_location = 0, stmt_len = 0 }) => ({ ...at(stmt_location, stmt_len), ...judged(stmt as Node) }))
  }
  try {
    return parse(text)
  } catch (error) {
    const position = (error as { sqlDetails?: { cursorPosition?: number } }).sqlDetails?.cursorPosition ?? 0
    return [{ start: 0, text, node: "", transactional: true, trouble: null, index: null, ...forPsql(text, position, parse) }]
  }
}

/**
 * What pg_dump writes for psql alone: rows behind COPY FROM STDIN, and lines that begin with a backslash.
 *
 * @param position  characters (code points) from 0 to what the parser did not understand
 */
function forPsql(text: string, position: number, parse: (part: string) => readonly Statement[]): Pick<Statement, "start" | "trouble"> | null {
  const chars = [...text]
  const lineStart = chars.slice(0, position).lastIndexOf("\n") + 1
  const before = chars.slice(0, lineStart).join("")
  const last = before.trim() === "" ? undefined : attempt(() => parse(before))?.at(-1)
  if (last?.trouble === "copy") return { start: last.start, trouble: "copy" }
  return chars[position] === "\\" ? { start: position, trouble: "psql" } : null
}

function attempt<T>(work: () => T): T | null {
  try {
    return work()
  } catch {
    return null
  }
}

/** Refuses a file that would begin or end a transaction itself, or read rows from a client: `file:line`, the line with a caret. */
export function refuseTrouble(file: SqlFile, statements: readonly Statement[]): void {
  const found = statements.find(one => one.trouble !== null)
  if (!found) return
  const place = lineAt(file.text, found.start + 1)
  const where = place ? `${file.path}:${place.line}` : file.path
  const frame = place ? `\n${codeFrame(place)}` : ""
  if (found.trouble === "copy") throw new Fault("refused", `${where}: COPY FROM STDIN needs rows that only psql could send${frame}`, "write INSERT statements, or load the rows as a seed")
  if (found.trouble === "psql") throw new Fault("refused", `${where}: only psql knows this command${frame}`, "take the lines that begin with a backslash out; what they would have done must be written as SQL")
  throw new Fault("refused", `${where}: a migration must not begin or end a transaction itself; nself runs it in one${frame}`, `take BEGIN, COMMIT and ROLLBACK out of ${file.path}`)
}

/** Turns the parser's byte offsets into characters. Offsets only grow, so the text is walked once. */
function cutter(text: string): (location: number, length: number) => Pick<Statement, "start" | "text"> {
  const bytes = Buffer.from(text)
  let byte = 0
  let character = 0
  return (location, length) => {
    character += [...bytes.toString("utf8", byte, location)].length
    byte = location
    const raw = bytes.toString("utf8", location, length === 0 ? bytes.length : location + length)
    return { start: character, text: raw.replace(/;?\s*$/, "") }
  }
}

function judged(stmt: Node): Pick<Statement, "node" | "transactional" | "trouble" | "index"> {
  const [node, body] = Object.entries(stmt)[0] as [string, Node]
  return { node, transactional: !isOutside(node, body), trouble: troubleOf(node, body), index: indexOf(node, body) }
}

function indexOf(node: string, body: Node): Statement["index"] {
  if (node !== "IndexStmt" || body["concurrent"] !== true || typeof body["idxname"] !== "string") return null
  const schema = (body["relation"] as Node | undefined)?.["schemaname"]
  return { schema: typeof schema === "string" ? schema : null, name: body["idxname"] }
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
    case "AlterTableStmt": return detachesConcurrently(body["cmds"])
    case "CreateSubscriptionStmt":
    case "DropSubscriptionStmt": return true
    default: return false
  }
}

function has(params: unknown, name: string): boolean {
  return Array.isArray(params) && params.some((one: Node) => (one["DefElem"] as Node | undefined)?.["defname"] === name)
}

function detachesConcurrently(cmds: unknown): boolean {
  return Array.isArray(cmds) && cmds.some((one: Node) => {
    const def = (one["AlterTableCmd"] as Node | undefined)?.["def"] as Node | undefined
    return (def?.["PartitionCmd"] as Node | undefined)?.["concurrent"] === true
  })
}
