import type { Catalog, CatalogObject } from "../core/catalog.ts"
import type { TableData } from "./table.ts"

/** Tables and columns whose rows or values end on the way from `have` to `want`, by name, sorted; a dropped table stands for its columns. */
export function losses(want: Catalog, have: Catalog): readonly string[] {
  const gone = [...have.objects.values()].filter(object => !want.objects.has(object.id) || isMadeAgain(want, object))
  const tables = gone.filter(object => object.kind === "table" || object.kind === "materialized view")
  const lost = new Set(tables.map(table => table.id))
  const columns = gone.filter(object => object.kind === "column" && !object.implied && !lost.has(object.parent!))
  return [...tables, ...columns].map(object => `${object.kind} ${object.key}`).toSorted()
}

/** How a table is partitioned cannot be altered: it is dropped and made again. */
const isMadeAgain = (want: Catalog, object: CatalogObject): boolean =>
  object.kind === "table" && (want.objects.get(object.id)!.data as TableData).partitionBy !== (object.data as TableData).partitionBy
