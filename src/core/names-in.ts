/** What an SQL text takes for granted, as PostgreSQL's parser sees it. What is hidden in a DO block or in EXECUTE is not seen. */
export interface NamesIn {
  /** Roles that are named (GRANT … TO, CREATE POLICY … TO, OWNER TO) and not made by the text itself. */
  readonly roles: readonly string[]
  /** Extensions that the text makes. */
  readonly extensions: readonly string[]
  /** Tablespaces that tables and indexes are put into. */
  readonly tablespaces: readonly string[]
}

type Node = Readonly<Record<string, unknown>>

/** A text that cannot be parsed names nothing: PostgreSQL will say what is wrong with it. */
export async function namesIn(text: string): Promise<NamesIn> {
  const { loadModule, parseSync } = await import("libpg-query")
  await loadModule()
  const found = { named: new Set<string>(), made: new Set<string>(), extensions: new Set<string>(), tablespaces: new Set<string>() }
  try {
    walk(parseSync(text).stmts, found)
  } catch {
    return { roles: [], extensions: [], tablespaces: [] }
  }
  return { roles: [...found.named].filter(role => !found.made.has(role)), extensions: [...found.extensions], tablespaces: [...found.tablespaces] }
}

interface Found { readonly named: Set<string>; readonly made: Set<string>; readonly extensions: Set<string>; readonly tablespaces: Set<string> }

/** Where the parser's statements name a tablespace: CREATE TABLE, CREATE INDEX, CREATE TABLE AS, USING INDEX TABLESPACE, ALTER TABLE ALL IN. */
const TABLESPACES = ["tablespacename", "tableSpace", "tableSpaceName", "indexspace", "orig_tablespacename", "new_tablespacename"]

function walk(node: unknown, found: Found): void {
  if (Array.isArray(node)) return node.forEach(one => walk(one, found))
  if (node === null || typeof node !== "object") return
  for (const [key, value] of Object.entries(node as Node)) {
    const { rolename, role, extname } = (value ?? {}) as { rolename?: unknown; role?: unknown; extname?: unknown }
    // a role stands as `RoleSpec` in a list and as a bare struct under `newowner`, `role`, `grantor`
    if (typeof rolename === "string") found.named.add(rolename)
    if (key === "CreateRoleStmt" && typeof role === "string") found.made.add(role)
    if (key === "CreateExtensionStmt" && typeof extname === "string") found.extensions.add(extname)
    if (typeof value === "string" && TABLESPACES.includes(key)) found.tablespaces.add(value)
    if (key === "AlterTableCmd") noteMove(value as Node, found)
    walk(value, found)
  }
}

function noteMove({ subtype, name }: Node, found: Found): void {
  if (subtype === "AT_SetTableSpace" && typeof name === "string") found.tablespaces.add(name)
}
