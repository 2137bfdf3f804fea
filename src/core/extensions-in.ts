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
