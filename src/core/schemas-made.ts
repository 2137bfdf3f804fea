/** Names of the schemas that an SQL text makes; none where the parser does not understand it. */
export async function schemasMadeBy(sql: string): Promise<readonly string[]> {
  const { loadModule, parseSync } = await import("libpg-query")
  await loadModule()
  try {
    const names = (parseSync(sql).stmts ?? []).map(({ stmt }) => (stmt as { readonly CreateSchemaStmt?: { readonly schemaname?: string } } | undefined)?.CreateSchemaStmt?.schemaname)
    return names.filter(name => name !== undefined)
  } catch {
    return []
  }
}
