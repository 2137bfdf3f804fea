import { Fault } from "../../core/fault.ts"
import { lineAt } from "../../core/source.ts"
import { splitStatements, type Statement } from "../../core/statements.ts"
import type { QualifiedName } from "../../core/subject.ts"
import type { Database, Migration, SqlFile } from "../../core/types.ts"
import { HOME, withSession } from "../database.ts"

/** A plain CREATE INDEX on a big table. */
export interface BlockingIndex {
  /** `migrations/0004_x.sql:3`. */
  readonly where: string
  readonly table: string
  /** By the planner's estimate. */
  readonly rows: number
  /** The statement that holds up nobody. */
  readonly instead: string
}

/** The plain CREATE INDEX statements of these files that would hold up the writers of a big table. Asks the database only where there is such a statement. */
export async function blockingIndexes(database: Database, files: readonly Migration[]): Promise<readonly BlockingIndex[]> {
  const plain = (await Promise.all(files.map(({ up }) => plainIndexes(up)))).flat()
  if (plain.length === 0) return []
  const { bigTableRows } = await import("../../pg/big-tables.ts")
  return withSession(database, async session => {
    const found: BlockingIndex[] = []
    for (const { file, statement, table } of plain) {
      const rows = await bigTableRows(session, HOME, table)
      if (rows !== null) found.push({ where: whereOf(file, statement), table: table.schema ? `${table.schema}.${table.name}` : table.name, rows, instead: concurrently(statement.text) })
    }
    return found
  })
}

/** The CREATE INDEX statements of a file that are not CONCURRENTLY, but for those of a table that the file makes itself: nobody writes to it yet. */
export async function plainIndexes(file: SqlFile) {
  const made = new Set<string>()
  return (await splitStatements(file.text)).flatMap(statement => {
    const { subject } = statement
    if (subject?.kind === "create table" && !subject.ifNotExists) made.add(qualified(subject.table))
    return subject?.kind === "create index" && !subject.concurrent && !made.has(qualified(subject.table)) ? [{ file, statement, table: subject.table }] : []
  })
}

const qualified = ({ schema, name }: QualifiedName): string => JSON.stringify([schema, name])

/** One warning each, several lines. */
export function blockingText({ where, table, rows, instead }: BlockingIndex): string {
  return `${where}: CREATE INDEX stops every write to ${table} (about ${Math.round(rows).toLocaleString("en")} rows) while it runs; this does not:\n  ${instead};`
}

/** In prod nobody's writes are stopped without its being said. */
export function refuseBlocking(found: readonly BlockingIndex[], env: string, allowed: boolean): void {
  if (found.length === 0 || env !== "prod" || allowed) return
  throw new Fault("refused", found.map(blockingText).join("\n"), "write the file so, or say --allow-blocking")
}

/** The statement that holds up nobody. */
export function concurrently(text: string): string {
  return text.replace(/^(create\s+(?:unique\s+)?index)\s+/i, "$1 CONCURRENTLY ").replace(/\s+/g, " ")
}

/** `migrations/0004_x.sql:3`. */
export function whereOf(file: SqlFile, { start }: Statement): string {
  return `${file.path}:${lineAt(file.text, start + 1)?.line ?? 1}`
}
