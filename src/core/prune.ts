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
export function pruned({ missing, extra, changed }: Drift, want: Catalog, have: Catalog): Drift {
  const [gone, come] = [new Set(missing.map(object => object.id)), new Set(extra.map(object => object.id))]
  return {
    missing: missing.filter(object => !hangsOn(want, object, gone)),
    extra: extra.filter(object => !hangsOn(have, object, come)),
    changed: changed.filter(change => !hangsOn(want, change.want, gone) && !hangsOn(have, change.have, come)),
  }
}

/** Whether one of those that this object's end depends on is among `ids`. */
function hangsOn(catalog: Catalog, object: CatalogObject, ids: ReadonlySet<ObjectId>): boolean {
  const seen = new Set<ObjectId>()
  for (let at: CatalogObject | undefined = object; at; ) {
    const bearer = bearerOf(catalog, at)
    if (bearer === null || seen.has(bearer)) return false
    if (ids.has(bearer)) return true
    seen.add(bearer)
    at = catalog.objects.get(bearer)
  }
  return false
}
