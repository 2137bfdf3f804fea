import type { Catalog, CatalogObject, ObjectId } from "../../core/catalog.ts"
import { compare } from "../../core/compare.ts"

/**
 * What `have` becomes when the change from `before` to `after` is made to it: objects added there are added, those dropped are dropped,
 * those changed read as there. What `have` knows and the change does not stays.
 */
export function mergeChange(have: Catalog, before: Catalog, after: Catalog): Catalog {
  const { missing, extra, changed } = compare(after, before)
  const objects = new Map<ObjectId, CatalogObject>(have.objects)
  const needs = new Map<ObjectId, readonly ObjectId[]>(have.needs)
  for (const object of extra) {
    objects.delete(object.id)
    needs.delete(object.id)
  }
  for (const object of [...missing, ...changed.map(change => change.want)]) {
    objects.set(object.id, object)
    needs.set(object.id, after.needs.get(object.id) ?? [])
  }
  const standing = [...objects].filter(([, object]) => object.parent === null || objects.has(object.parent))
  const ids = new Set(standing.map(([id]) => id))
  return { objects: new Map(standing), needs: new Map([...needs].filter(([id]) => ids.has(id)).map(([id, whom]) => [id, whom.filter(one => ids.has(one))])) }
}
