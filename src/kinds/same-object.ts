import type { Catalog, CatalogObject } from "../core/catalog.ts"
import type { ColumnData } from "./column.ts"
import type { EnumData } from "./enum.ts"

/**
 * Renames that happened between two readings of one and the same database: the object is known by its oid, a column by its number.
 *
 * @returns `from=to` as `--rename` takes them, from the names of `after` back to those of `before`; a column's table has its name of `before`
 */
export function renamesBack(before: Catalog, after: Catalog): ReadonlySet<string> {
  const pairs: string[] = []
  const tables = byRank(before, "table")
  for (const table of ofKind(after, "table")) {
    const was = tables.get(table.rank)
    if (!was) continue
    if (was.key !== table.key) pairs.push(`${table.key}=${was.key}`)
    pairs.push(...columnPairs(before, was, after, table))
  }
  const enums = byRank(before, "enum")
  for (const type of ofKind(after, "enum")) {
    const was = enums.get(type.rank)
    if (was && was.key !== type.key) pairs.push(`${type.key}=${was.key}`)
    if (was) pairs.push(...labelPairs(was as CatalogObject<EnumData>, type as CatalogObject<EnumData>))
  }
  return new Set(pairs)
}

const ofKind = (catalog: Catalog, kind: CatalogObject["kind"]): CatalogObject[] => [...catalog.objects.values()].filter(object => object.kind === kind)
const byRank = (catalog: Catalog, kind: CatalogObject["kind"]) => new Map(ofKind(catalog, kind).map(object => [object.rank, object]))

function columnPairs(before: Catalog, was: CatalogObject, after: Catalog, table: CatalogObject): string[] {
  const old = new Map(ofKind(before, "column").filter(column => column.parent === was.id).map(column => [(column.data as ColumnData).num, (column.data as ColumnData).name]))
  return ofKind(after, "column").filter(column => column.parent === table.id).flatMap(column => {
    const { num, name } = column.data as ColumnData
    const then = old.get(num)
    return then === undefined || then === name ? [] : [`${was.key}.${name}=${was.key}.${then}`]
  })
}

/** A renamed label keeps its place; added ones make the list longer. */
function labelPairs(was: CatalogObject<EnumData>, type: CatalogObject<EnumData>): string[] {
  const [old, now] = [was.data.labels, type.data.labels]
  if (old.length !== now.length) return []
  return now.flatMap((label, i) => (label === old[i] || old.includes(label) || now.includes(old[i]!) ? [] : [`${was.key}.${label}=${was.key}.${old[i]}`]))
}
