import type { Catalog, CatalogObject, Drift, ObjectId } from "../core/catalog.ts"
import { writers } from "./all.ts"
import { retyped, type ColumnData } from "./column.ts"
import type { ConstraintData } from "./constraint.ts"
import { onlyAdds, swapEnum, type EnumData } from "./enum.ts"
import type { IndexData } from "./index-kind.ts"

/** What happens to each object: dropped, created, both (made again), or altered in place. */
export interface Actions {
  readonly drop: ReadonlySet<ObjectId>
  readonly create: ReadonlySet<ObjectId>
  readonly alter: ReadonlyMap<ObjectId, readonly string[]>
}

export interface DdlOptions {
  /** ADD VALUE cannot be used in its own transaction; then the type is swapped even where values are only added. */
  readonly swapEnums?: boolean
}

/** Who needs each object, the other way round of `needs`. */
export function dependents(catalog: Catalog): ReadonlyMap<ObjectId, readonly ObjectId[]> {
  const result = new Map<ObjectId, ObjectId[]>()
  for (const [who, whom] of catalog.needs) for (const target of whom) result.set(target, [...(result.get(target) ?? []), who])
  return result
}

/** Decides for every object, and for all that stands on an object which must step aside. */
export function decide(drift: Drift, want: Catalog, have: Catalog, options: DdlOptions): Actions {
  const drop = new Set<ObjectId>(drift.extra.map(object => object.id))
  const create = new Set<ObjectId>(drift.missing.map(object => object.id))
  const alter = new Map<ObjectId, readonly string[]>()
  const on = dependents(have)
  const queue: ObjectId[] = [...drop]
  const again = (id: ObjectId) => {
    if (!drop.has(id)) queue.push(id)
    drop.add(id)
    if (want.objects.has(id)) create.add(id)
    alter.delete(id)
  }
  for (const { want: to, have: from } of drift.changed) {
    const statements = alteration(to, from, options)
    if (statements === null) again(to.id)
    else alter.set(to.id, statements)
  }
  for (const id of alter.keys()) disturbed(id, want, have, on, options).forEach(again)
  while (queue.length > 0) for (const id of on.get(queue.pop()!) ?? []) if (have.objects.get(id)?.kind !== "column" || isChild(have, id, drop)) again(id)
  return { drop, create, alter }
}

/** A column goes with its table, but not with a type or a function it uses: those are altered away from it first. */
const isChild = (have: Catalog, id: ObjectId, drop: ReadonlySet<ObjectId>): boolean => drop.has(have.objects.get(id)!.parent!) || isGenerated(have, id)
const isGenerated = (catalog: Catalog, id: ObjectId): boolean => (catalog.objects.get(id)?.data as ColumnData).generated !== ""

function alteration(want: CatalogObject, have: CatalogObject, options: DdlOptions): readonly string[] | null {
  if (want.kind === "enum" && options.swapEnums) return swapEnum(want as CatalogObject<EnumData>, have as CatalogObject<EnumData>)
  return writers[want.kind].alter?.(want, have) ?? null
}

/** What stands on an altered object and has to be made again around it: PostgreSQL refuses to retype under these. */
function disturbed(id: ObjectId, want: Catalog, have: Catalog, on: ReadonlyMap<ObjectId, readonly ObjectId[]>, options: DdlOptions): ObjectId[] {
  const [to, from] = [want.objects.get(id)!, have.objects.get(id)!]
  if (to.kind === "column" && retyped(to.data as ColumnData, from.data as ColumnData)) return (on.get(id) ?? []).filter(d => stepsAside(have.objects.get(d)!))
  if (to.kind !== "enum" || (!options.swapEnums && onlyAdds((to.data as EnumData).labels, (from.data as EnumData).labels))) return []
  const users = on.get(id) ?? []
  const columns = users.filter(user => have.objects.get(user)?.kind === "column")
  const defaults = columns.map(column => column.replace(/^column:/, "default:") as ObjectId).filter(value => have.objects.has(value))
  return [...users.filter(user => !columns.includes(user)), ...defaults, ...columns.flatMap(c => on.get(c) ?? []).filter(d => stepsAside(have.objects.get(d)!))]
}

function stepsAside(object: CatalogObject): boolean {
  if (object.kind === "index") return (object.data as IndexData).expressive
  if (object.kind === "constraint") return ["c", "f", "x"].includes((object.data as ConstraintData).type)
  return ["view", "materialized view", "policy", "trigger", "default", "function", "column"].includes(object.kind)
}
