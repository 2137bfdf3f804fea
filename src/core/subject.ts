/** What a statement is about, for those of which more must be known than that they run: above all those that cannot be taken back, where whoever goes on after a crash must look whether it was done. */

export interface QualifiedName {
  /** `null`: the statement names none. */
  readonly schema: string | null
  readonly name: string
}

export type Subject =
  /** `index.name` is `null` where PostgreSQL chooses it. `tableAt`: characters from 0 to the table's name in the statement. */
  | { readonly kind: "create index"; readonly concurrent: boolean; readonly name: string | null; readonly table: QualifiedName; readonly tableAt: number; readonly ifNotExists: boolean }
  | { readonly kind: "create table"; readonly table: QualifiedName; readonly ifNotExists: boolean }
  | { readonly kind: "drop index"; readonly index: QualifiedName }
  | { readonly kind: "reindex"; readonly what: "index" | "table"; readonly relation: QualifiedName }
  | { readonly kind: "detach"; readonly table: QualifiedName; readonly partition: QualifiedName }
  | { readonly kind: "create" | "drop"; readonly what: "database" | "tablespace" | "subscription"; readonly name: string }

type Node = Readonly<Record<string, unknown>>

/** @param characters  turns the parser's byte offsets into characters from the statement's first word */
export function subjectOf(node: string, body: Node, characters: (bytes: number) => number): Subject | null {
  switch (node) {
    case "IndexStmt": return indexSubject(body, characters)
    case "CreateStmt": return tableSubject(body)
    case "DropStmt": return body["concurrent"] === true ? dropSubject(body) : null
    case "ReindexStmt": return reindexSubject(body)
    case "AlterTableStmt": return detachSubject(body)
    case "CreatedbStmt": return named("create", "database", body["dbname"])
    case "DropdbStmt": return named("drop", "database", body["dbname"])
    case "CreateTableSpaceStmt": return named("create", "tablespace", body["tablespacename"])
    case "DropTableSpaceStmt": return named("drop", "tablespace", body["tablespacename"])
    case "CreateSubscriptionStmt": return named("create", "subscription", body["subname"])
    case "DropSubscriptionStmt": return named("drop", "subscription", body["subname"])
    default: return null
  }
}

function named(kind: "create" | "drop", what: "database" | "tablespace" | "subscription", name: unknown): Subject | null {
  return typeof name === "string" ? { kind, what, name } : null
}

function indexSubject(body: Node, characters: (bytes: number) => number): Subject | null {
  const relation = body["relation"] as Node
  const table = rangeOf(relation)
  if (!table) return null
  return {
    kind: "create index", concurrent: body["concurrent"] === true, name: text(body["idxname"]), table,
    tableAt: characters(Number(relation["location"] ?? 0)), ifNotExists: body["if_not_exists"] === true,
  }
}

function tableSubject(body: Node): Subject | null {
  const table = rangeOf(body["relation"] as Node | undefined)
  return table && { kind: "create table", table, ifNotExists: body["if_not_exists"] === true }
}

function dropSubject(body: Node): Subject | null {
  const [first] = body["objects"] as readonly Node[]
  const names = (((first?.["List"] as Node | undefined)?.["items"] ?? []) as readonly Node[]).map(item => text((item["String"] as Node | undefined)?.["sval"]))
  const name = names.at(-1)
  return name ? { kind: "drop index", index: { schema: names.at(-2) ?? null, name } } : null
}

function reindexSubject(body: Node): Subject | null {
  const relation = rangeOf(body["relation"] as Node | undefined)
  const what = body["kind"] === "REINDEX_OBJECT_INDEX" ? "index" : body["kind"] === "REINDEX_OBJECT_TABLE" ? "table" : null
  return relation && what ? { kind: "reindex", what, relation } : null
}

function detachSubject(body: Node): Subject | null {
  const table = rangeOf(body["relation"] as Node | undefined)
  const commands = (body["cmds"] ?? []) as readonly Node[]
  const found = commands.map(detachedBy).find(one => one !== null)
  return table && found ? { kind: "detach", table, partition: found } : null
}

/** The partition that this command of an ALTER TABLE detaches CONCURRENTLY; `null` for every other one. */
export function detachedBy(command: Node): QualifiedName | null {
  const def = (command["AlterTableCmd"] as Node | undefined)?.["def"] as Node | undefined
  const partition = def?.["PartitionCmd"] as Node | undefined
  return partition?.["concurrent"] === true ? rangeOf(partition["name"] as Node | undefined) : null
}

function rangeOf(range: Node | undefined): QualifiedName | null {
  const name = text(range?.["relname"])
  return name === null ? null : { schema: text(range!["schemaname"]), name }
}

const text = (value: unknown): string | null => (typeof value === "string" ? value : null)
