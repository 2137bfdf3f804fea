import type { QualifiedName } from "./subject.ts"

/** Data that a statement takes away. */
export type Loss =
  | { readonly kind: "table" | "rows"; readonly table: QualifiedName }
  | { readonly kind: "column"; readonly table: QualifiedName; readonly column: string }
  | { readonly kind: "schema"; readonly name: string }

type Node = Readonly<Record<string, unknown>>

/**
 * What a text takes away, as PostgreSQL's parser sees it: dropped tables, columns and schemas, emptied tables, deleted rows. What is hidden in a function
 * or a DO block is not seen. A text that cannot be parsed loses nothing: it does not run either.
 */
export async function lossesIn(text: string): Promise<readonly Loss[]> {
  const { loadModule, parseSync } = await import("libpg-query")
  await loadModule()
  try {
    return (parseSync(text).stmts ?? []).flatMap(({ stmt }) => lossesOf(stmt as Node))
  } catch {
    return []
  }
}

function lossesOf(stmt: Node): readonly Loss[] {
  const [node, body] = Object.entries(stmt)[0] as [string, Node]
  switch (node) {
    case "DropStmt": return dropped(body)
    case "TruncateStmt": return ((body["relations"] ?? []) as readonly Node[]).map(one => ({ kind: "rows", table: rangeOf(one["RangeVar"] as Node) }))
    case "DeleteStmt": return [{ kind: "rows", table: rangeOf(body["relation"] as Node) }]
    case "AlterTableStmt": return columns(body)
    default: return []
  }
}

function dropped(body: Node): readonly Loss[] {
  const objects = (body["objects"] ?? []) as readonly Node[]
  if (body["removeType"] === "OBJECT_SCHEMA") return objects.map(one => ({ kind: "schema", name: textOf(one) }))
  if (body["removeType"] !== "OBJECT_TABLE") return []
  return objects.map(one => {
    const names = ((one["List"] as Node)["items"] as readonly Node[]).map(textOf)
    return { kind: "table", table: { schema: names.at(-2) ?? null, name: names.at(-1)! } }
  })
}

function columns(body: Node): readonly Loss[] {
  const table = rangeOf(body["relation"] as Node)
  return ((body["cmds"] ?? []) as readonly Node[]).flatMap(one => {
    const command = one["AlterTableCmd"] as Node
    return command["subtype"] === "AT_DropColumn" && typeof command["name"] === "string" ? [{ kind: "column" as const, table, column: command["name"] }] : []
  })
}

const textOf = (node: Node): string => String((node["String"] as Node)["sval"])

function rangeOf(range: Node): QualifiedName {
  return { schema: typeof range["schemaname"] === "string" ? range["schemaname"] : null, name: String(range["relname"]) }
}
