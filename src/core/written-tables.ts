import type { QualifiedName } from "./subject.ts"

type Node = Readonly<Record<string, unknown>>

/** Statements that put rows into a table or change them; `COPY … TO` reads, and is left out below. */
const WRITES = ["InsertStmt", "UpdateStmt", "MergeStmt", "CopyStmt"]

/**
 * The tables that an SQL text writes rows into, each once, as it names them; those below WITH too. What is hidden in a DO block, in a function or in
 * EXECUTE is not seen. A text that cannot be parsed names none: PostgreSQL will say what is wrong with it.
 */
export async function writtenTables(text: string): Promise<readonly QualifiedName[]> {
  const { loadModule, parseSync } = await import("libpg-query")
  await loadModule()
  const found = new Map<string, QualifiedName>()
  try {
    walk(parseSync(text).stmts, found)
  } catch {
    return []
  }
  return [...found.values()]
}

function walk(node: unknown, found: Map<string, QualifiedName>): void {
  if (Array.isArray(node)) return node.forEach(one => walk(one, found))
  if (node === null || typeof node !== "object") return
  for (const [key, value] of Object.entries(node as Node)) {
    if (WRITES.includes(key)) note(key, value as Node, found)
    walk(value, found)
  }
}

function note(statement: string, body: Node, found: Map<string, QualifiedName>): void {
  if (statement === "CopyStmt" && body["is_from"] !== true) return
  const { relname, schemaname } = (body["relation"] ?? {}) as { relname?: string; schemaname?: string }
  if (relname !== undefined) found.set(JSON.stringify([schemaname, relname]), { schema: schemaname ?? null, name: relname })
}
