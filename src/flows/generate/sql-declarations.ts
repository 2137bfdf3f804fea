import { lineAt } from "../../core/source.ts"
import type { SqlFile } from "../../core/types.ts"

/** One statement of a project's own SQL files. */
export interface SqlDeclaration {
  readonly text: string
  /** `src/db/sql/users.sql:3`. */
  readonly place: string
}

/**
 * The statements of the files that declare what Drizzle has no words for. One by one, so that each finds its turn: a function before the tables, its trigger behind
 * them. Throws `refused` where one would end the transaction that they are tried in.
 */
export async function sqlDeclarations(files: readonly SqlFile[]): Promise<readonly SqlDeclaration[]> {
  if (files.length === 0) return []
  const { splitStatements, refuseTrouble } = await import("../../core/statements.ts")
  const found = await Promise.all(files.map(async file => {
    const statements = await splitStatements(file.text)
    refuseTrouble(file, statements)
    return statements.map(({ text, start }) => ({ text, place: `${file.path}:${lineAt(file.text, start + 1)?.line ?? 1}` }))
  }))
  return found.flat()
}
