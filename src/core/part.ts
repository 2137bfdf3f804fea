import type { Catalog, CatalogObject, KindName, ObjectId } from "./catalog.ts"

/** Kinds that others stand on without `pg_depend` saying so (an extension's types), few and quickly made. */
const ALWAYS: readonly KindName[] = ["schema", "extension"]

/**
 * The parts of two catalogs that matter for some objects: these, and all that they need in either, so that both parts can be made
 * from nothing. Rendering an expression again takes its own few tables, not five thousand.
 */
export function partsFor(ids: Iterable<ObjectId>, first: Catalog, second: Catalog): readonly [Catalog, Catalog] {
  const kept = new Set<ObjectId>()
  const queue = [...ids, ...[first, second].flatMap(catalog => [...catalog.objects.values()].filter(object => ALWAYS.includes(object.kind)).map(object => object.id))]
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    if (kept.has(id)) continue
    kept.add(id)
    for (const catalog of [first, second]) queue.push(...(catalog.needs.get(id) ?? []))
  }
  return [partOf(first, id => kept.has(id)), partOf(second, id => kept.has(id))]
}

/** The objects that pass, with what they need among themselves. */
export function partOf(catalog: Catalog, keeps: (id: ObjectId, object: CatalogObject) => boolean): Catalog {
  const objects = new Map([...catalog.objects].filter(([id, object]) => keeps(id, object)))
  const needs = new Map([...catalog.needs].filter(([id]) => objects.has(id)).map(([id, whom]) => [id, whom.filter(need => objects.has(need))] as const))
  return { objects, needs }
}

/** A database without anything in it. */
export const EMPTY: Catalog = { objects: new Map(), needs: new Map() }
