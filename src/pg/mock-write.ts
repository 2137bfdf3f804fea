import { ident } from "../core/ident.ts"
import { baseOf, type MockCheck, type MockColumn, type MockForeignKey, type MockTable, type MockType } from "../core/mock/table.ts"
import type { Rows, Session } from "../core/types.ts"
import { tableName } from "./mock-read.ts"
import { hasCode } from "./pg-error.ts"

/** Sends rows in COPY's text format. */
export async function copyRows(session: Session, table: MockTable, columns: readonly string[], rows: Rows): Promise<number> {
  return session.copyIn(`copy ${tableName(table)} (${columns.map(ident).join(", ")}) from stdin`, rows)
}

/** Rows without any column that nself writes: each is all defaults. */
export async function insertDefaults(session: Session, table: MockTable, count: number): Promise<void> {
  for (let i = 0; i < count; i++) await session.script(`insert into ${tableName(table)} default values`)
}

/** A check as a question about rows that are not in the table yet. */
export interface CheckQuestion {
  readonly name: string
  /** As people read it. */
  readonly shown: string
  readonly sql: string
}

/** The checks of a table, of its columns' domains and its partitions' bounds. */
export function checkQuestions(table: MockTable): readonly CheckQuestion[] {
  // VALUE is a column of that name to everything but a domain
  const ask = ({ name, type }: MockColumn, expression: string): string =>
    type.kind === "array" ? `(select bool_and(${expression}) from unnest(${ident(name)}) v(value))` : `(select ${expression} from (select ${ident(name)} as value) v)`
  const domains = table.columns.flatMap(column => domainChecks(column.type.kind === "array" ? column.type.of! : column.type).map(({ name, expression }) => ({
    name, shown: `${column.name}: CHECK ${expression}`, sql: ask(column, expression),
  })))
  const bounds = table.partitions.length === 0 ? [] : [{ name: `partitions of ${table.name}`, shown: "a partition for the row", sql: table.partitions.map(bound => `(${bound})`).join(" or ") }]
  return [...table.checks.map(check => ({ name: check.name, shown: `CHECK ${check.expression}`, sql: check.expression })), ...domains, ...bounds]
}

/** A domain may be over another one. */
const domainChecks = (type: MockType): readonly MockCheck[] => (type.kind === "domain" ? [...type.checks, ...domainChecks(type.of!)] : [])

/**
 * Which of the rows meet which of the checks; one list per row. PostgreSQL answers, inside of the transaction; nothing is written. A row for which
 * a check cannot even be computed (a division by zero) meets none.
 */
export async function askChecks(session: Session, table: MockTable, columns: readonly string[], checks: readonly CheckQuestion[], rows: readonly (readonly (string | null)[])[]): Promise<readonly (readonly boolean[])[]> {
  if (rows.length === 0 || checks.length === 0) return rows.map(() => [])
  await session.script("savepoint asking")
  try {
    const answers = await session.query<Record<string, boolean>>(questionSql(table, columns, checks), columns.map((_, i) => rows.map(row => row[i] ?? null)))
    await session.script("release asking")
    return answers.map(answer => checks.map((_, i) => answer[`a${i}`]!))
  } catch (error) {
    if (!hasCode(error, ...OF_A_VALUE)) throw error
    await session.script("rollback to asking; release asking")
    if (rows.length === 1) return [checks.map(() => false)]
    const half = Math.ceil(rows.length / 2)
    const ask = (some: typeof rows) => askChecks(session, table, columns, checks, some)
    return [...(await ask(rows.slice(0, half))), ...(await ask(rows.slice(half)))]
  }
}

/** What PostgreSQL says of a value that an expression cannot take. */
const OF_A_VALUE = ["22012", "22003", "22001", "22008", "22023", "22P02", "2201B", "2201E", "2201F", "23514", "P0001"]

function questionSql(table: MockTable, columns: readonly string[], checks: readonly CheckQuestion[]): string {
  const given = columns.map((name, i) => `u.c${i}::${castOf(table.columns.find(column => column.name === name)!.type)} as ${ident(name)}`)
  const absent = table.columns.filter(column => !columns.includes(column.name) && !column.generated).map(column => `null::${castOf(column.type)} as ${ident(column.name)}`)
  const made = table.columns.filter(column => column.generated).map(column => `, (${column.default}) as ${ident(column.name)}`)
  return `
    select ${checks.map((check, i) => `coalesce((${check.sql}), true) as a${i}`).join(", ")}
    from (select t.*${made.join("")} from (select u.ord, ${[...given, ...absent].join(", ")} from unnest(${columns.map((_, i) => `$${i + 1}::text[]`).join(", ")}) with ordinality u(${columns.map((_, i) => `c${i}`).join(", ")}, ord)) t) ${ident(table.name)}
    order by ord`
}

/** A domain's own checks are asked apart, so its base stands for it. */
const castOf = (type: MockType): string => (type.kind === "array" && type.of!.kind === "domain" ? `${baseOf(type.of!).text}[]` : baseOf(type).text)

/**
 * Gives the rows of this transaction that have no parent yet one each: any, or, for a unique key, one of their own as far as there are enough.
 * The draw depends on the seed and on the order of the keys alone.
 */
export async function linkLater(session: Session, child: MockTable, key: MockForeignKey, parent: MockTable, seed: string, unique: boolean): Promise<void> {
  const order = child.uniques.find(one => one.primary)?.columns ?? child.columns.slice(0, 1).map(column => column.name)
  const sorted = (columns: readonly string[], alias: string): string => columns.map(column => `${alias}.${ident(column)}::text collate "C"`).join(", ")
  const chosen = unique ? "o.rn" : "1 + ((hashtextextended(o.rn::text, hashtextextended($1, 0)) % pn.n + pn.n) % pn.n)"
  const free = unique ? `where not exists (select from ${tableName(child)} u where ${key.columns.map((column, i) => `u.${ident(column)} = p.${ident(key.targetColumns[i]!)}`).join(" and ")})` : ""
  await session.query(`
    with pn as (select count(*) as n from ${tableName(parent)} p ${free}),
      numbered as (select p.*, row_number() over (order by ${sorted(key.targetColumns, "p")}) as rn from ${tableName(parent)} p ${free}),
      orphans as (select c.tableoid as t, c.ctid as at, row_number() over (order by ${sorted(order, "c")}) as rn from ${tableName(child)} c
        where ${key.columns.map(column => `c.${ident(column)} is null`).join(" or ")} and age(c.xmin) <= age(pg_current_xact_id()::xid) and $1::text is not null)
    update ${tableName(child)} c set ${key.columns.map((column, i) => `${ident(column)} = n.${ident(key.targetColumns[i]!)}`).join(", ")}
    from orphans o cross join pn join numbered n on n.rn = ${chosen} where pn.n > 0 and c.tableoid = o.t and c.ctid = o.at`, [seed])
}
