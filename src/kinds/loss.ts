import type { Catalog } from "../core/catalog.ts"

/** Tables and columns whose rows or values end on the way from `have` to `want`, by name, sorted; a dropped table stands for its columns. */
export function losses(want: Catalog, have: Catalog): readonly string[] {
  const gone = [...have.objects.values()].filter(object => !want.objects.has(object.id))
  const tables = gone.filter(object => object.kind === "table" || object.kind === "materialized view")
  const lost = new Set(tables.map(table => table.id))
  const columns = gone.filter(object => object.kind === "column" && !lost.has(object.parent!))
  return [...tables, ...columns].map(object => `${object.kind} ${object.key}`).toSorted()
}
