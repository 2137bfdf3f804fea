import type { Catalog, CatalogObject, ObjectId } from "../../core/catalog.ts"
import { Fault } from "../../core/fault.ts"
import { ident, literal } from "../../core/ident.ts"
import type { Session } from "../../core/types.ts"
import type { ColumnData } from "../../kinds/column.ts"
import { qualified } from "../../kinds/kind.ts"
import type { SequenceData } from "../../kinds/sequence.ts"
import type { TableData } from "../../kinds/table.ts"

/** Rows of one INSERT. */
const BATCH = 200

/**
 * Statements that bring back the rows which migrations wrote, parents before children, and the positions of sequences.
 *
 * @param shadow  holds `catalog` and nothing but what migrations wrote
 * Throws `refused` where tables with rows point at each other in a circle.
 */
export async function rowStatements(shadow: Session, catalog: Catalog): Promise<readonly string[]> {
  const statements: string[] = []
  for (const table of inOrder(catalog, await filled(shadow, catalog))) statements.push(...await insertsOf(shadow, catalog, table))
  return [...statements, ...await positionsOf(shadow, catalog)]
}

/** Text that is the same for two databases whose rows are the same. */
export async function rowsText(shadow: Session, catalog: Catalog): Promise<string> {
  const tables = await filled(shadow, catalog)
  const texts = await Promise.all(tables.map(async table => {
    const rows = await shadow.query<{ text: string }>(`select t::text as text from ${qualified(table.data)} t order by 1`)
    return `${table.key}\n${rows.map(row => row.text).join("\n")}`
  }))
  return [...texts, ...await positionsOf(shadow, catalog)].join("\n\n")
}

async function filled(shadow: Session, catalog: Catalog): Promise<readonly CatalogObject<TableData>[]> {
  const tables = [...catalog.objects.values()].filter(object => object.kind === "table").toSorted((a, b) => (a.key < b.key ? -1 : 1)) as CatalogObject<TableData>[]
  const found: CatalogObject<TableData>[] = []
  for (const table of tables) {
    const [row] = await shadow.query<{ any: boolean }>(`select exists (select from ${qualified(table.data)}) as any`)
    if (row!.any) found.push(table)
  }
  return found
}

function inOrder(catalog: Catalog, tables: readonly CatalogObject<TableData>[]): readonly CatalogObject<TableData>[] {
  const parents = (table: ObjectId): ObjectId[] => [...catalog.objects.values()].filter(object => object.kind === "constraint" && object.parent === table)
    .flatMap(object => (catalog.needs.get(object.id) ?? []).map(need => (need.startsWith("column:") ? catalog.objects.get(need)!.parent! : need))).filter(id => id.startsWith("table:") && id !== table)
  const done: CatalogObject<TableData>[] = []
  const left = new Set(tables)
  while (left.size > 0) {
    const next = [...left].filter(table => parents(table.id).every(parent => ![...left].some(one => one.id === parent)))
    if (next.length === 0) throw new Fault("refused", `rows that the migrations wrote point at each other in a circle: ${[...left].map(table => table.key).join(", ")}`, "squash up to a lower number, or write these rows as a seed")
    for (const table of next) left.delete(table)
    done.push(...next)
  }
  return done
}

async function insertsOf(shadow: Session, catalog: Catalog, table: CatalogObject<TableData>): Promise<readonly string[]> {
  const columns = [...catalog.objects.values()].filter(object => object.kind === "column" && object.parent === table.id).toSorted((a, b) => a.rank - b.rank)
    .map(object => object.data as ColumnData).filter(column => column.generated === "")
  const list = columns.map(column => `${ident(column.name)}::text`).join(", ")
  const rows = await shadow.query<{ values: readonly (string | null)[] }>(`select to_json(array[${list}]) as values from ${qualified(table.data)} order by ctid`)
  const names = columns.map(column => ident(column.name)).join(", ")
  const overriding = columns.some(column => column.identity !== "") ? " OVERRIDING SYSTEM VALUE" : ""
  const texts = rows.map(row => `  (${row.values.map(value => (value === null ? "NULL" : literal(value))).join(", ")})`)
  const batches = Array.from({ length: Math.ceil(texts.length / BATCH) }, (_, i) => texts.slice(i * BATCH, (i + 1) * BATCH))
  return batches.map(batch => `INSERT INTO ${qualified(table.data)} (${names})${overriding} VALUES\n${batch.join(",\n")}`)
}

/** Sequences that have given out numbers, identity columns' among them. */
async function positionsOf(shadow: Session, catalog: Catalog): Promise<readonly string[]> {
  const own = [...catalog.objects.values()].filter(object => object.kind === "sequence").map(object => qualified(object.data as SequenceData))
  const identities = await shadow.query<{ name: string }>(`
    select case when n.nspname = 'public' then quote_ident(c.relname) else quote_ident(n.nspname) || '.' || quote_ident(c.relname) end as name
    from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'i'
    where c.relkind = 'S' order by 1`)
  const statements: string[] = []
  for (const name of [...own, ...identities.map(row => row.name)].toSorted()) {
    const [at] = await shadow.query<{ value: string; called: boolean }>(`select last_value::text as value, is_called as called from ${name}`)
    if (at!.called) statements.push(`SELECT setval(${literal(name)}, ${at!.value})`)
  }
  return statements
}
