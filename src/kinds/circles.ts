import type { Catalog, ObjectId } from "../core/catalog.ts"
import type { ColumnData } from "./column.ts"

/**
 * Children of dropped objects that have to be dropped by name before, because their parents cannot go in any order:
 * foreign keys between two tables that reference each other, a policy with a function that takes its table's row.
 *
 * @param bearer  whose end is also this one's, or `null`
 */
export function circles(have: Catalog, drop: ReadonlySet<ObjectId>, bearer: (id: ObjectId) => ObjectId | null): ReadonlySet<ObjectId> {
  const root = (id: ObjectId): ObjectId => {
    const parent = bearer(id)
    return parent && drop.has(parent) ? root(parent) : id
  }
  const needsOf = (id: ObjectId) => (have.needs.get(id) ?? []).filter(need => drop.has(need)).map(root).filter(need => need !== root(id))
  const next = new Map<ObjectId, Set<ObjectId>>()
  for (const id of drop) for (const need of needsOf(id)) next.set(root(id), (next.get(root(id)) ?? new Set()).add(need))
  const reached = new Map<ObjectId, ReadonlySet<ObjectId>>()
  const leads = (from: ObjectId, to: ObjectId): boolean => {
    if (!reached.has(from)) reached.set(from, reach(next, from))
    return reached.get(from)!.has(to)
  }
  return new Set([...drop].filter(id => root(id) !== id && goesAlone(have, id) && needsOf(id).some(need => leads(need, root(id)))))
}

function reach(next: ReadonlyMap<ObjectId, ReadonlySet<ObjectId>>, from: ObjectId): ReadonlySet<ObjectId> {
  const seen = new Set<ObjectId>()
  const queue = [from]
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    for (const to of next.get(at) ?? []) if (!seen.has(to)) (seen.add(to), queue.push(to))
  }
  return seen
}

function goesAlone(have: Catalog, id: ObjectId): boolean {
  const { kind, data } = have.objects.get(id)!
  return ["constraint", "policy", "trigger", "default", "index"].includes(kind) || (kind === "column" && (data as ColumnData).generated !== "")
}
