import { ident } from "../core/ident.ts"
import type { Key } from "../core/mock/parents.ts"
import type { MockForeignKey, MockTable } from "../core/mock/table.ts"
import type { Session } from "../core/types.ts"

/** `"schema"."table"`. */
export const tableName = ({ schema, name }: Pick<MockTable, "schema" | "name">): string => `${ident(schema)}.${ident(name)}`

const texts = (columns: readonly string[], alias = ""): string => columns.map((column, i) => `${alias}${ident(column)}::text as k${i}`).join(", ")
const present = (columns: readonly string[], alias = ""): string => columns.map(column => `${alias}${ident(column)} is not null`).join(" and ")
/** The same order on every machine, whatever the collation. */
const sorted = (columns: readonly string[]): string => columns.map((_, i) => `k${i} collate "C"`).join(", ")
const keysOf = (rows: readonly Record<string, string>[], size: number): readonly Key[] => rows.map(row => Array.from({ length: size }, (_, i) => row[`k${i}`]!))

/** How many rows a table has. */
export async function rowCount(session: Session, table: MockTable): Promise<number> {
  const [row] = await session.query<{ n: string }>(`select count(*)::text as n from ${tableName(table)}`)
  return Number(row!.n)
}

export async function hasRows(session: Session, table: MockTable): Promise<boolean> {
  return (await session.query(`select from ${tableName(table)} limit 1`)).length > 0
}

/** Keys of a parent table in a fixed order: all of them, or as many from all over it. */
export async function sampleKeys(session: Session, parent: MockTable, columns: readonly string[], most: number): Promise<readonly Key[]> {
  const rows = await session.query<Record<string, string>>(`
    select ${columns.map((_, i) => `k${i}`).join(", ")} from (
      select *, row_number() over (order by ${sorted(columns)}) - 1 as at, count(*) over () as n from (select ${texts(columns)} from ${tableName(parent)} where ${present(columns)}) keys) numbered
    where at % greatest(1, (n + ${most - 1}) / ${most}) = 0 order by at`)
  return keysOf(rows, columns.length)
}

const unused = (child: MockTable, { columns, targetColumns }: MockForeignKey, parent: MockTable): string => `
  from ${tableName(parent)} p where ${present(targetColumns, "p.")} and not exists (
    select from ${tableName(child)} c where ${columns.map((column, i) => `c.${ident(column)} = p.${ident(targetColumns[i]!)}`).join(" and ")})`

/** Parents that no child refers to yet, in a fixed order, at most `most`. */
export async function unusedParents(session: Session, child: MockTable, key: MockForeignKey, parent: MockTable, most: number): Promise<readonly Key[]> {
  const rows = await session.query<Record<string, string>>(`select * from (select ${texts(key.targetColumns, "p.")} ${unused(child, key, parent)}) free order by ${sorted(key.targetColumns)} limit ${most}`)
  return keysOf(rows, key.targetColumns.length)
}

export async function countUnused(session: Session, child: MockTable, key: MockForeignKey, parent: MockTable): Promise<number> {
  const [row] = await session.query<{ n: string }>(`select count(*)::text as n ${unused(child, key, parent)}`)
  return Number(row!.n)
}

/** Combinations that a table has already, at most `most`; where there are more, chance and another try must do. */
export async function takenKeys(session: Session, table: MockTable, columns: readonly string[], most: number): Promise<readonly Key[]> {
  const rows = await session.query<Record<string, string>>(`select distinct ${texts(columns)} from ${tableName(table)} where ${present(columns)} limit ${most}`)
  return keysOf(rows, columns.length)
}

/** The largest value of a whole-number column; `null` for an empty table. */
export async function largest(session: Session, table: MockTable, column: string): Promise<number | null> {
  const [row] = await session.query<{ top: string | null }>(`select trunc(max(${ident(column)})::numeric)::text as top from ${tableName(table)}`)
  return row!.top === null ? null : Number(row!.top)
}

/** Takes `count` numbers from the sequence of a column, one behind the other as long as nobody else takes some. `null`: the column has no sequence of its own. */
export async function reserve(session: Session, table: MockTable, column: string, count: number): Promise<{ readonly start: number; readonly step: number } | null> {
  const [owned] = await session.query<{ name: string | null }>("select pg_get_serial_sequence($1, $2) as name", [tableName(table), column])
  if (!owned?.name) return null
  const [row] = await session.query<{ start: string; step: string }>(`
    select min(n)::text as start, (select seqincrement::text from pg_sequence where seqrelid = $1::regclass) as step from (select nextval($1::regclass) as n from generate_series(1, $2)) taken`, [owned.name, count])
  return { start: Number(row!.start), step: Number(row!.step) }
}
