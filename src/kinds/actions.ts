import type { Catalog, CatalogObject, Drift, ObjectId } from "../core/catalog.ts"
import { writers } from "./all.ts"
import { retyped, type ColumnData } from "./column.ts"
import type { ConstraintData } from "./constraint.ts"
import type { IndexData } from "./index-kind.ts"
import type { TypeUser } from "./type-users.ts"

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
  // what comes and goes with a parent is nobody's difference, but others stand on it and wait for it
  for (const object of have.objects.values()) if (object.implied && !want.objects.has(object.id)) drop.add(object.id)
  for (const object of want.objects.values()) if (object.implied && !have.objects.has(object.id)) create.add(object.id)
  const swaps = new Set<ObjectId>()
  const queue: ObjectId[] = [...drop]
  const again = (id: ObjectId) => {
    if (want.objects.has(id) && isUsedType(id, want, have, on)) return swap(id)
    // the ties of a table go before what hangs on them
    if (id.startsWith("table:") && !drop.has(id)) for (const link of on.get(id) ?? []) if (/^(partition|inheritance):/.test(link)) again(link)
    if (!drop.has(id)) queue.push(id)
    drop.add(id)
    if (want.objects.has(id)) create.add(id)
    alter.delete(id)
  }
  const swap = (id: ObjectId) => {
    if (swaps.has(id)) return
    swaps.add(id)
    aroundSwap(id, have, on).forEach(again)
  }
  for (const { want: to, have: from } of drift.changed) {
    const used = isUsedType(to.id, want, have, on)
    if (used && options.swapEnums === true && to.kind === "enum") swap(to.id)
    else if (!swaps.has(to.id)) {
      const statements = writers[to.kind].alter?.(to, from, used) ?? null
      if (statements === null) again(to.id)
      else if (!drop.has(to.id)) alter.set(to.id, statements)
    }
  }
  for (const id of alter.keys()) disturbed(id, want, have, on).forEach(again)
  for (let gone = queue.pop(); gone !== undefined; gone = queue.pop()) for (const id of on.get(gone) ?? []) if (follows(have, id, gone, drop)) again(id)
  for (const object of want.objects.values()) {
    // a parent's default goes down to its children, and over what they have of their own
    const disturbs = (need: ObjectId) => need.startsWith("default:") && (alter.has(need) || create.has(need) || drop.has(need))
    const over = object.kind === "default" && !object.implied && have.objects.has(object.id) && !drop.has(object.id) && [...(want.needs.get(object.id) ?? []), ...(have.needs.get(object.id) ?? [])].some(disturbs)
    if (over) alter.set(object.id, writers.default.create(object, []))
  }
  const sweep = new Map<ObjectId, readonly string[]>()
  for (const id of swaps) {
    const { statements, sweep: last } = writers[want.objects.get(id)!.kind].swap!(want.objects.get(id)!, movers(have.objects.get(id)!, want, have, drop))
    alter.set(id, statements)
    sweep.set(id, last)
  }
  return { drop, create, alter, sweep }
}

type Used = CatalogObject<{ readonly columns: readonly TypeUser[]; readonly multirangeColumns?: readonly TypeUser[] }>
const columnId = (user: TypeUser): ObjectId => `column:${user.key}`

/** A type or collation that columns have and keep, themselves or inside another type: it cannot be dropped and made again, only replaced. */
function isUsedType(id: ObjectId, want: Catalog, have: Catalog, on: ReadonlyMap<ObjectId, readonly ObjectId[]>): boolean {
  const object = have.objects.get(id)
  if (object === undefined || writers[object.kind].swap === undefined) return false
  const data = (object as Used).data
  if ([...data.columns, ...(data.multirangeColumns ?? [])].some(user => want.objects.has(columnId(user)))) return true
  return (on.get(id) ?? []).some(user => isUsedType(user, want, have, on))
}

/** The old type with those of its columns that have to move over: not what goes, and not what gets another type anyway. */
function movers(object: CatalogObject, want: Catalog, have: Catalog, drop: ReadonlySet<ObjectId>): CatalogObject {
  const moves = (user: TypeUser) => {
    const [to, from] = [want.objects.get(columnId(user)), have.objects.get(columnId(user))]
    return to !== undefined && from !== undefined && !drop.has(to.id) && !retyped(to.data as ColumnData, from.data as ColumnData)
  }
  const data = (object as Used).data
  return { ...object, data: { ...data, columns: data.columns.filter(moves), ...(data.multirangeColumns ? { multirangeColumns: data.multirangeColumns.filter(moves) } : {}) } }
}

/** Whether what stands on a dropped object goes too. */
function follows(have: Catalog, id: ObjectId, gone: ObjectId, drop: ReadonlySet<ObjectId>): boolean {
  const { kind, parent, implied } = have.objects.get(id)!
  if (kind === "partition" || kind === "inheritance") return !gone.startsWith("column:")
  // a column goes with its table, but not with a type or a function it uses: those are altered away from it first
  if (implied?.from === gone && drop.has(implied.by) && !drop.has(parent!)) return false
  return kind !== "column" || drop.has(parent!) || isGenerated(have, id)
}
const isGenerated = (catalog: Catalog, id: ObjectId): boolean => (catalog.objects.get(id)?.data as ColumnData).generated !== ""

/** What stands on an altered object and has to be made again around it: PostgreSQL refuses to retype under these. */
function disturbed(id: ObjectId, want: Catalog, have: Catalog, on: ReadonlyMap<ObjectId, readonly ObjectId[]>): ObjectId[] {
  const [to, from] = [want.objects.get(id)!, have.objects.get(id)!]
  const users = standing(id, have, on).filter(user => stepsAside(have.objects.get(user)!))
  if (to.kind === "column") return retyped(to.data as ColumnData, from.data as ColumnData) ? users : []
  return to.kind === "composite type" ? users.filter(user => have.objects.get(user)!.kind !== "column") : []
}

/** Who stands on a column, or on what it hands down to children. */
function standing(id: ObjectId, have: Catalog, on: ReadonlyMap<ObjectId, readonly ObjectId[]>): readonly ObjectId[] {
  return (on.get(id) ?? []).flatMap(user => (have.objects.get(user)!.implied?.from === id ? standing(user, have, on) : [user]))
}

/** All that names the old type is made again with the new one; the columns themselves move over. */
function aroundSwap(id: ObjectId, have: Catalog, on: ReadonlyMap<ObjectId, readonly ObjectId[]>): ObjectId[] {
  const users = on.get(id) ?? []
  const columns = users.filter(user => have.objects.get(user)?.kind === "column")
  const defaults = columns.map(column => column.replace(/^column:/, "default:") as ObjectId).filter(value => have.objects.has(value))
  return [...users.filter(user => !columns.includes(user)), ...defaults, ...columns.flatMap(c => standing(c, have, on)).filter(d => stepsAside(have.objects.get(d)!))]
}

function stepsAside(object: CatalogObject): boolean {
  if (object.kind === "index") return (object.data as IndexData).expressive
  if (object.kind === "constraint") return ["c", "f", "x"].includes((object.data as ConstraintData).type)
  return ["view", "materialized view", "policy", "trigger", "default", "function", "column", "rule", "statistics", "publication"].includes(object.kind)
}
