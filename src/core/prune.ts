import type { Catalog, CatalogObject, Drift, ObjectId } from "./catalog.ts"

/** Whose end is also this one's: the parent, or the column that owns a sequence. */
export function bearerOf(catalog: Catalog, object: CatalogObject): ObjectId | null {
  if (object.kind !== "sequence") return object.parent
  const owner = catalog.objects.get(`sequence owner:${object.key}`)
  return owner ? `column:${owner.detail}` : object.parent
}

/** The object at the top of this one's parents: a policy's table, a comment's target's table. */
export function rootOf(catalog: Catalog, object: CatalogObject): CatalogObject {
  const seen = new Set<ObjectId>([object.id])
  for (let at = object; ;) {
    const bearer = bearerOf(catalog, at)
    const next = bearer === null || seen.has(bearer) ? undefined : catalog.objects.get(bearer)
    if (!next) return at
    seen.add(next.id)
    at = next
  }
}

/** A difference as people tell it: a table that is missing stands for its columns, indexes and all else that hangs on it. */
export function pruned(drift: Drift, want: Catalog, have: Catalog): Drift {
  return { missing: heads(drift.missing, want), extra: heads(drift.extra, have), changed: drift.changed }
}

function heads(objects: readonly CatalogObject[], catalog: Catalog): readonly CatalogObject[] {
  const all = new Set(objects.map(object => object.id))
  return objects.filter(object => {
    const bearer = bearerOf(catalog, object)
    return bearer === null || !all.has(bearer)
  })
}
