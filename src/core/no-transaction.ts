import type { Statement } from "./statements.ts"

type Node = Readonly<Record<string, unknown>>

/** Whether a line in front of the first statement says `-- nself:no-transaction`. `first`: characters from 0 to that statement. */
export function hasDirective(text: string, first: number): boolean {
  const head = [...text.slice(0, 2 * first)].slice(0, first).join("")
  return /^[ \t]*--[ \t]*nself:no-transaction[ \t]*$/m.test(head)
}

/**
 * The statements of a file that says `-- nself:no-transaction`: none of them in one transaction with the others, but what stands between its own BEGIN and
 * COMMIT is one. A BEGIN without its COMMIT, a ROLLBACK and the like stay trouble. Procedures and DO blocks may commit by themselves, so they run alone.
 */
export function pairTransactions(statements: readonly Statement[]): readonly Statement[] {
  const controls = controlsOf(statements)
  return statements.map((statement, i) => {
    const control = controls.get(i) ?? null
    const alone = ["CallStmt", "DoStmt"].includes(statement.node) && !within(controls, i)
    return { ...statement, splits: true, control, trouble: control ? null : statement.trouble, transactional: statement.transactional && !alone }
  })
}

/** Which statements begin and end the file's own transactions; a pair counts only if both are there. */
function controlsOf(statements: readonly Statement[]): ReadonlyMap<number, "begin" | "commit"> {
  const controls = new Map<number, "begin" | "commit">()
  let open: number | null = null
  for (const [i, { node, text, trouble }] of statements.entries()) {
    if (node !== "TransactionStmt" || trouble !== "transaction") continue
    if (/^(begin|start)\b/i.test(text)) {
      open = i
    } else if (open !== null && /^(commit|end)(\s+(work|transaction))?$/i.test(text)) {
      controls.set(open, "begin").set(i, "commit")
      open = null
    } else {
      open = null
    }
  }
  return controls
}

function within(controls: ReadonlyMap<number, "begin" | "commit">, index: number): boolean {
  const before = [...controls].filter(([at]) => at < index).toSorted(([a], [b]) => a - b).at(-1)
  return before?.[1] === "begin"
}

/**
 * PostgreSQL lets nobody use a new enum value in the transaction that adds it, unless that made the type too: marks each ALTER TYPE … ADD VALUE whose
 * value is named further down. What the parser cannot see (a function's body that makes it) PostgreSQL refuses with 55P04.
 */
export function markSplits(found: readonly { readonly stmt: Node; readonly statement: Statement }[]): readonly Statement[] {
  const made = new Set<string>()
  return found.map(({ stmt, statement }, i) => {
    const [node, body] = Object.entries(stmt)[0] as [string, Node]
    if (node === "CreateEnumStmt") made.add(typeName(body))
    const value = node === "AlterEnumStmt" && typeof body["oldVal"] !== "string" ? body["newVal"] : null
    if (typeof value !== "string" || made.has(typeName(body))) return statement
    return { ...statement, splits: found.slice(i + 1).some(later => mentions(later.stmt, value)) }
  })
}

function typeName(body: Node): string {
  return ((body["typeName"] ?? []) as readonly Node[]).map(part => String((part["String"] as Node)["sval"])).at(-1) ?? ""
}

/** Whether a string of the statement is this value, or a body of code in it quotes it. */
function mentions(tree: unknown, value: string): boolean {
  if (typeof tree !== "object" || tree === null) return false
  return Object.entries(tree).some(([key, part]) =>
    key === "sval" && typeof part === "string" ? part === value || part.includes(`'${value.replaceAll("'", "''")}'`) : mentions(part, value))
}
