import type { Catalog, CatalogObject } from "../core/catalog.ts"
import { ident, literal } from "../core/ident.ts"
import type { Session } from "../core/types.ts"
import type { ColumnData } from "./column.ts"
import type { ConstraintData } from "./constraint.ts"
import type { EnumData } from "./enum.ts"
import { qualified } from "./kind.ts"
import { removeOrphans } from "./orphans.ts"
import type { TableData } from "./table.ts"
import { runTogether } from "./together.ts"

/** Enough for a unique key to show that it holds. */
const ROWS = [1, 2] as const
/** How many values are tried for a column under a CHECK before its table is left empty. */
const MOST_TRIES = 120

/** The same row of every table has the same value for the same type, so foreign keys find their parents. */
const values = (row: number): readonly string[] => [
  `${row}`, row === 1 ? "a" : "b", row === 1 ? "true" : "false", `00000000-0000-4000-8000-00000000000${row}`, `2020-01-0${row}`, `${row} day`, `0${row}:00:00`,
  `{"n": ${row}}`, "{}", `10.0.0.${row}`, `08:00:2b:01:02:0${row}`, `[${row},1,1]`, `(${row},1)`, `((${row},1),(2,2))`, `<(${row},1),1>`, "[1,2]", "empty", `\\x0${row}`,
]

/**
 * Puts rows into every table of a shadow, so that a migration is proved on tables that are not empty.
 *
 * @param session  the shadow; triggers and foreign keys are off while the rows go in
 * @param empty    keys of tables to be left empty
 * @param gone     per key of an enum, labels that no row may have: the migration removes them, and where a row has one PostgreSQL will refuse it
 * @returns keys of tables for which no row could be made, with PostgreSQL's reason
 */
export async function plantRows(session: Session, catalog: Catalog, empty: readonly string[] = [], gone: Gone = new Map()): Promise<readonly { readonly table: string; readonly reason: string }[]> {
  const objects = [...catalog.objects.values()]
  const children = Map.groupBy(objects, object => object.parent)
  const tables = (objects.filter(object => object.kind === "table") as CatalogObject<TableData>[]).filter(table => !empty.includes(table.key))
  if (tables.length === 0) return [] // to change session_replication_role makes PostgreSQL forget its plans, the long ones of `inspect` among them
  const columns = objects.filter(object => object.kind === "column").map(object => object.data as ColumnData)
  const enums = objects.filter(object => object.kind === "enum") as CatalogObject<EnumData>[]
  const kept = ({ key, data }: CatalogObject<EnumData>) => data.labels.filter(label => !gone.get(key)?.includes(label))
  const labels = new Map(enums.map(one => [String(one.rank), kept(one).length > 0 ? kept(one) : one.data.labels]))
  const texts = await acceptedTexts(session, columns, labels)
  const odd = new Set(empty)
  const bare: { table: string; reason: string }[] = []
  await session.script("set session_replication_role = replica; begin")
  const easy = new Map(tables.map(table => [bothRows(table, children.get(table.id) ?? [], texts), table]))
  for (const { statement } of await runTogether(session, [...easy.keys()])) {
    const table = easy.get(statement)!
    odd.add(table.key)
    const reason = await fill(session, table, children.get(table.id) ?? [], texts)
    if (reason !== null) bare.push({ table: table.key, reason })
  }
  await session.script("commit")
  await removeOrphans(session, catalog, odd)
  await session.script("set session_replication_role = default")
  return bare
}

/** Most tables take the values of their types as they are. */
function bothRows(table: CatalogObject<TableData>, children: readonly CatalogObject[], texts: Texts): string {
  const columns = stored(children)
  return insertSql(table, columns, ROWS.map(row => chosenFor(columns, row, texts)))
}

const stored = (children: readonly CatalogObject[]): readonly ColumnData[] =>
  children.filter(child => child.kind === "column").map(child => child.data as ColumnData).filter(column => column.generated === "")

const chosenFor = (columns: readonly ColumnData[], row: number, texts: Texts): Map<string, string | null> =>
  new Map(columns.map(column => [column.name, texts.get(`${row} ${column.type}`) ?? null]))

async function fill(session: Session, table: CatalogObject<TableData>, children: readonly CatalogObject[], texts: Texts): Promise<string | null> {
  const columns = stored(children)
  const checks = children.filter(child => child.kind === "constraint").map(child => child.data as ConstraintData).filter(data => data.type === "c")
  for (const row of ROWS) {
    const reason = await insert(session, table, columns, checks, chosenFor(columns, row, texts))
    if (reason !== null) return row === 1 ? reason : null
  }
  return null
}

/**
 * `pg_input_is_valid` that also lives with input functions that throw, as those of extensions do (pgvector). `|| ''`: a bare parameter counts as a
 * constant there, and the type of the first call would answer for all.
 */
const TAKES = `create or replace function pg_temp.nself_takes(input text, type text) returns boolean language plpgsql as
  $$ begin return pg_input_is_valid(input, type || ''); exception when others then return false; end $$`

/** A text for types that take one length only: `vector(3)` → `[1,1,1]`, `bit(4)` → `0001`; empty for all others. */
function sized(type: string, row: number): string {
  const [, name, length] = /(\w+)\((\d+)\)$/.exec(type) ?? []
  const n = Number(length)
  if (name === "vector" || name === "halfvec") return `[${Array(n).fill(row).join(",")}]`
  if (name === "sparsevec") return `{1:${row}}/${n}`
  return name === "bit" ? row.toString(2).padStart(n, "0").slice(-n) : ""
}

/** Key of an enum → labels. */
export type Gone = ReadonlyMap<string, readonly string[]>

/** `row type` → the text that goes in there. */
type Texts = ReadonlyMap<string, string | null>

/** For each row and type the first text that the type takes, a label of an enum (`labels`, by oid), or `null` where nothing fits; a question per row. */
async function acceptedTexts(session: Session, columns: readonly ColumnData[], labels: ReadonlyMap<string, readonly string[]>): Promise<Texts> {
  const types = [...new Map(columns.map(column => [column.type, column])).values()]
  const texts = new Map<string, string | null>()
  await session.script(TAKES)
  for (const row of ROWS) {
    const found = await session.query<{ type: string; text: string | null }>(
      `select y.type, (select t.text from unnest($1::text[] || array[y.own]) with ordinality t(text, ord) where pg_temp.nself_takes(t.text, y.type) order by ord limit 1) as text from unnest($2::text[], $3::text[]) y(type, own)`,
      [values(row), types.map(column => column.type), types.map(column => sized(column.type, row))])
    const textOf = new Map(found.map(one => [one.type, one.text]))
    for (const column of types) {
      const known = labels.get(column.base)
      texts.set(`${row} ${column.type}`, known && !column.type.endsWith("]") ? (known[row - 1] ?? known[0] ?? null) : (textOf.get(column.type) ?? null))
    }
  }
  return texts
}

async function insert(session: Session, table: CatalogObject<TableData>, columns: readonly ColumnData[], checks: readonly ConstraintData[], chosen: Map<string, string | null>): Promise<string | null> {
  const tries = checks.flatMap(check => check.columns.flatMap(name => guesses(check).map(text => ({ name, text }))))
  const first = await tryRow(session, table, columns, chosen)
  if (first === null) return null
  for (const { name, text } of tries.slice(0, MOST_TRIES)) {
    if ((await tryRow(session, table, columns, new Map(chosen).set(name, text))) === null) return null
  }
  return first
}

/** Literals of the check itself, and texts and numbers of other lengths and sizes. */
function guesses(check: ConstraintData): readonly string[] {
  const quoted = [...check.clause.matchAll(/'((?:[^']|'')*)'/g)].map(found => found[1]!.replaceAll("''", "'"))
  const numbers = [...check.clause.matchAll(/\d+(?:\.\d+)?/g)].flatMap(found => [found[0], `${Number(found[0]) + 1}`, `${Number(found[0]) - 1}`])
  return [...quoted, ...numbers, "0", "10", "100", "-1", "a@example.com", "https://example.com", "abc", "aaaa", "aaaaaaaa", "AAA", "a".repeat(20), "a".repeat(40)]
}

async function tryRow(session: Session, table: CatalogObject<TableData>, columns: readonly ColumnData[], chosen: ReadonlyMap<string, string | null>): Promise<string | null> {
  return (await runTogether(session, [insertSql(table, columns, [chosen])]))[0]?.reason ?? null
}

function insertSql(table: CatalogObject<TableData>, columns: readonly ColumnData[], rows: readonly ReadonlyMap<string, string | null>[]): string {
  if (columns.length === 0) return `insert into ${qualified(table.data)} default values`
  const row = (chosen: ReadonlyMap<string, string | null>) => `(${columns.map(({ name }) => (chosen.get(name) == null ? "NULL" : literal(chosen.get(name)!))).join(", ")})`
  return `insert into ${qualified(table.data)} (${columns.map(column => ident(column.name)).join(", ")}) overriding system value values ${rows.map(row).join(", ")}`
}
