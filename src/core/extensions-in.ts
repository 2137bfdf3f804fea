interface ExtensionStmt { readonly extname?: string; readonly options?: readonly { readonly DefElem?: { readonly defname?: string; readonly arg?: { readonly String?: { readonly sval?: string } } } }[] }

/** The version that each text, one after the other, says by name of the extensions it makes or updates: `CREATE EXTENSION x VERSION '1.2'`. */
export async function extensionVersionsIn(texts: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>()
  for (const text of texts.filter(one => /extension[\s\S]*(version|update)/i.test(one))) {
    const { loadModule, parseSync } = await import("libpg-query")
    await loadModule()
    for (const { stmt } of parsed(() => parseSync(text).stmts) as { readonly stmt: { readonly CreateExtensionStmt?: ExtensionStmt; readonly AlterExtensionStmt?: ExtensionStmt } }[]) {
      const said = stmt.CreateExtensionStmt ?? stmt.AlterExtensionStmt
      const version = said?.options?.find(option => option.DefElem?.defname === "new_version")?.DefElem?.arg?.String?.sval
      // UPDATE without a version: to whatever the server has
      if (said?.extname && version === undefined && stmt.AlterExtensionStmt) found.delete(said.extname)
      if (said?.extname && version !== undefined) found.set(said.extname, version)
    }
  }
  return found
}

function parsed(parse: () => unknown): readonly unknown[] {
  try {
    return (parse() ?? []) as readonly unknown[]
  } catch {
    return [] // PostgreSQL will say what is wrong with it
  }
}

/** Names that `CREATE EXTENSION` statements of an SQL text mention, by PostgreSQL's own parser; none where it does not understand the text. */
export async function extensionsIn(text: string): Promise<readonly string[]> {
  if (!/create\s+extension/i.test(text)) return [] // most files have none, and the parser takes a while to load
  const { loadModule, parseSync } = await import("libpg-query")
  await loadModule()
  try {
    const stmts = (parseSync(text).stmts ?? []) as readonly { readonly stmt: { readonly CreateExtensionStmt?: { readonly extname?: string } } }[]
    return stmts.flatMap(({ stmt }) => stmt.CreateExtensionStmt?.extname ?? [])
  } catch {
    return []
  }
}
