import type { Catalog, CatalogObject, Drift, ObjectId } from "../core/catalog.ts"
import { writers } from "./all.ts"
import { retyped, type ColumnData } from "./column.ts"
import type { ConstraintData } from "./constraint.ts"
import { onlyAdds, type EnumData } from "./enum.ts"
import type { IndexData } from "./index-kind.ts"

/** What happens to each object: dropped, created, both (made again), or altered in place. */
export interface Actions {
  readonly drop: ReadonlySet<ObjectId>
  readonly create: ReadonlySet<ObjectId>
  readonly alter: ReadonlyMap<ObjectId, readonly string[]>
  /** What ends a type that a new one has replaced, by the type's id; said when nobody stands on the old one any more. */
  readonly sweep: ReadonlyMap<ObjectId, readonly string[]>
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
  const sweep = new Map<ObjectId, readonly string[]>()
  const queue: ObjectId[] = [...drop]
  const again = (id: ObjectId) => {
    const [to, from] = [want.objects.get(id), have.objects.get(id)!]
    if (to && isUsedType(from)) return void (sweep.has(id) || swap(to, from))
    if (!drop.has(id)) queue.push(id)
    drop.add(id)
    if (to) create.add(id)
    alter.delete(id)
  }
  const swap = (to: CatalogObject, from: CatalogObject) => {
    const { statements, sweep: last } = writers[to.kind].swap!(to, from)
    alter.set(to.id, statements)
    sweep.set(to.id, last)
    aroundSwap(to.id, have, on).forEach(again)
  }
  for (const { want: to, have: from } of drift.changed) {
    if (isSwap(to, from, options)) swap(to, from)
    else if (!sweep.has(to.id)) {
      const statements = writers[to.kind].alter?.(to, from) ?? null
      if (statements === null) again(to.id)
      else if (!drop.has(to.id)) alter.set(to.id, statements)
    }
  }
  for (const id of alter.keys()) if (!sweep.has(id)) disturbed(id, want, have, on).forEach(again)
  while (queue.length > 0) for (const id of on.get(queue.pop()!) ?? []) if (have.objects.get(id)?.kind !== "column" || isChild(have, id, drop)) again(id)
  return { drop, create, alter, sweep }
}

/** A type or collation that columns have: it cannot be dropped and made again, only replaced. */
const isUsedType = (object: CatalogObject): boolean =>
  writers[object.kind].swap !== undefined && (object.data as { readonly columns: readonly unknown[] }).columns.length > 0

/** A column goes with its table, but not with a type or a function it uses: those are altered away from it first. */
const isChild = (have: Catalog, id: ObjectId, drop: ReadonlySet<ObjectId>): boolean => drop.has(have.objects.get(id)!.parent!) || isGenerated(have, id)
const isGenerated = (catalog: Catalog, id: ObjectId): boolean => (catalog.objects.get(id)?.data as ColumnData).generated !== ""

/** True where a type cannot be altered and columns have it: a new one takes its place. */
function isSwap(want: CatalogObject, have: CatalogObject, options: DdlOptions): boolean {
  if (want.kind === "enum") return options.swapEnums === true || !onlyAdds((want.data as EnumData).labels, (have.data as EnumData).labels)
  return isUsedType(have) && (writers[want.kind].alter?.(want, have) ?? null) === null
}

/** What stands on an altered object and has to be made again around it: PostgreSQL refuses to retype under these. */
function disturbed(id: ObjectId, want: Catalog, have: Catalog, on: ReadonlyMap<ObjectId, readonly ObjectId[]>): ObjectId[] {
  const [to, from] = [want.objects.get(id)!, have.objects.get(id)!]
  const users = (on.get(id) ?? []).filter(user => stepsAside(have.objects.get(user)!))
  if (to.kind === "column") return retyped(to.data as ColumnData, from.data as ColumnData) ? users : []
  return to.kind === "composite type" ? users.filter(user => have.objects.get(user)!.kind !== "column") : []
}

/** All that names the old type is made again with the new one; the columns themselves move over. */
function aroundSwap(id: ObjectId, have: Catalog, on: ReadonlyMap<ObjectId, readonly ObjectId[]>): ObjectId[] {
  const users = on.get(id) ?? []
  const columns = users.filter(user => have.objects.get(user)?.kind === "column")
  const defaults = columns.map(column => column.replace(/^column:/, "default:") as ObjectId).filter(value => have.objects.has(value))
  return [...users.filter(user => !columns.includes(user)), ...defaults, ...columns.flatMap(c => on.get(c) ?? []).filter(d => stepsAside(have.objects.get(d)!))]
}

function stepsAside(object: CatalogObject): boolean {
  if (object.kind === "index") return (object.data as IndexData).expressive
  if (object.kind === "constraint") return ["c", "f", "x"].includes((object.data as ConstraintData).type)
  return ["view", "materialized view", "policy", "trigger", "default", "function", "column", "rule", "statistics", "publication"].includes(object.kind)
}
