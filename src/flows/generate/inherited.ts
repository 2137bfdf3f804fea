import type { Catalog, CatalogObject, KindName, ObjectId } from "../../core/catalog.ts"
import type { Declared } from "../../drizzle/declared.ts"
import { writers } from "../../kinds/all.ts"
import { qualified } from "../../kinds/kind.ts"
import type { TableData } from "../../kinds/table.ts"

/** What a Drizzle schema says: absent there means drop. All other kinds come from the history, so nothing is dropped because Drizzle is blind to it. */
export const SAID: ReadonlySet<KindName> = new Set<KindName>([
  "schema", "enum", "sequence", "sequence owner", "table", "column", "default", "constraint", "index", "view", "materialized view", "policy",
])

/**
 * Statements for what the history has and Drizzle cannot say: kinds it has no word for, and tables that are there as children of others
 * (partitions, INHERITS) with what is on them. Each stands alone; what no longer fits may fail.
 *
 * @param there  what the SQL declarations have made already
 */
export function inherited(history: Catalog, there: Catalog, declared: Pick<Declared, "tables">): string[] {
  const objects = [...history.objects.values()].filter(object => !there.objects.has(object.id))
  const on = Map.groupBy(objects, object => object.parent)
  const tables = new Set(declared.tables.map(table => qualified(table)))
  const isOther = (object: CatalogObject) => object.kind === "foreign table" || (object.kind === "table" && !tables.has(qualified(object.data as TableData)) && (on.get(object.id) ?? []).some(isTie))
  const others = new Set<ObjectId>(objects.filter(isOther).map(object => object.id))
  const whole = (object: CatalogObject): string[] => [...writers[object.kind].create(object, inside(object, on)), ...beside(object, on)]
  return objects.flatMap(object => {
    if (others.has(object.id)) return whole(object)
    if (isTie(object) && others.has(object.parent!)) return []
    return SAID.has(object.kind) ? [] : [...writers[object.kind].create(object, [])]
  })
}

const isTie = (object: CatalogObject): boolean => object.kind === "partition" || object.kind === "inheritance"
const isForeignKey = (object: CatalogObject): boolean => (object.data as { readonly type?: string }).type === "f"

/** What the table's own CREATE says with it. */
function inside(table: CatalogObject, on: ReadonlyMap<ObjectId | null, readonly CatalogObject[]>): readonly CatalogObject[] {
  const children = on.get(table.id) ?? []
  const columns = children.filter(child => child.kind === "column")
  const constraints = children.filter(child => child.kind === "constraint" && !isForeignKey(child) && !child.implied)
  return [...columns, ...constraints, ...children.filter(isTie), ...columns.flatMap(column => (on.get(column.id) ?? []).filter(child => child.kind === "default"))]
}

/** What has to be said behind it, of the kinds that are not inherited anyway. */
function beside(table: CatalogObject, on: ReadonlyMap<ObjectId | null, readonly CatalogObject[]>): string[] {
  const children = on.get(table.id) ?? []
  const defaults = children.filter(child => child.kind === "column" && child.implied).flatMap(column => (on.get(column.id) ?? []).filter(child => child.kind === "default"))
  const others = children.filter(child => child.kind === "index" || child.kind === "policy" || (child.kind === "constraint" && isForeignKey(child)))
  return [...defaults, ...others].filter(child => !child.implied).flatMap(child => [...writers[child.kind].create(child, [])])
}

/** A declared CREATE TABLE, partitioned as the history has the table: Drizzle has no word for it. */
export function partitionedAs(history: Catalog): (statement: string) => string {
  const tables = [...history.objects.values()].filter(object => object.kind === "table").map(object => object.data as TableData).filter(table => table.partitionBy !== null)
  if (tables.length === 0) return statement => statement
  return statement => {
    const table = tables.find(one => statement.startsWith(`CREATE TABLE ${qualified(one)} (`))
    return table ? `${statement.replace(/;\s*$/, "")} PARTITION BY ${table.partitionBy};` : statement
  }
}
