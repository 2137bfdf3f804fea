import type { Catalog, CatalogObject, Change, Drift, ObjectId } from "../core/catalog.ts"
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
  return new Decision(want, have, options).of(drift)
}

/** Grows until nothing new follows; holds nothing that outlives a call of `decide`. */
class Decision {
  private readonly drop = new Set<ObjectId>()
  private readonly create = new Set<ObjectId>()
  private readonly alter = new Map<ObjectId, readonly string[]>()
  private readonly swaps = new Set<ObjectId>()
  private readonly on: ReadonlyMap<ObjectId, readonly ObjectId[]>
  private readonly queue: ObjectId[] = []
  constructor(private readonly want: Catalog, private readonly have: Catalog, private readonly options: DdlOptions) {
    this.on = dependents(have)
  }

  of(drift: Drift): Actions {
    const { want, have, drop, create, alter } = this
    drift.extra.forEach(object => drop.add(object.id))
    drift.missing.forEach(object => create.add(object.id))
    // what comes and goes with a parent is nobody's difference, but others stand on it and wait for it
    for (const object of have.objects.values()) if (object.implied && !want.objects.has(object.id)) drop.add(object.id)
    for (const object of want.objects.values()) if (object.implied && !have.objects.has(object.id)) create.add(object.id)
    this.queue.push(...drop)
    for (const change of drift.changed) this.change(change)
    this.moveTies()
    this.loosen()
    this.untie()
    for (const id of alter.keys()) disturbed(id, want, have, this.on).forEach(other => this.again(other))
    this.settle()
    this.setDefaultsAgain()
    return { drop, create, alter, sweep: this.sweep() }
  }

  private again(id: ObjectId): void {
    const { want, have, on, drop } = this
    if (want.objects.has(id) && isUsedType(id, want, have, on)) return this.swap(id)
    const first = !drop.has(id)
    // the ties of a table go before what hangs on them
    if (first && id.startsWith("table:")) (on.get(id) ?? []).filter(isTie).forEach(tie => this.again(tie))
    if (first) this.queue.push(id)
    drop.add(id)
    if (want.objects.has(id)) this.create.add(id)
    this.alter.delete(id)
    if (first && isTie(id) && want.objects.has(id)) this.retie(id)
  }
  private swap(id: ObjectId): void {
    if (this.swaps.has(id)) return
    this.swaps.add(id)
    aroundSwap(id, this.have, this.on).forEach(other => this.again(other))
  }
  private change({ want: to, have: from }: Change): void {
    const used = isUsedType(to.id, this.want, this.have, this.on)
    if (used && this.options.swapEnums === true && to.kind === "enum") return this.swap(to.id)
    if (this.swaps.has(to.id)) return
    const statements = writers[to.kind].alter?.(to, from, { used, inside: used && isInside(to.id, this.want, this.have, this.on) }) ?? null
    if (statements === null) this.again(to.id)
    else if (!this.drop.has(to.id)) this.alter.set(to.id, statements)
  }

  /** What another parent hands down from now on has to be by then what that one hands down. */
  private moveTies(): void {
    for (const from of this.have.objects.values()) {
      const to = this.want.objects.get(from.id)
      const moves = from.implied && to?.implied && from.implied.by !== to.implied.by && this.create.has(to.implied.by) && this.drop.has(from.implied.by)
      if (moves && to.implied!.needed && to.detail !== from.detail && !this.drop.has(from.id)) this.change({ want: alone(to), have: alone(from) })
    }
  }
  /** From 18 on a child keeps the NOT NULL that it has of its own when its parent loses it. */
  private loosen(): void {
    for (const [id, object] of this.have.objects) {
      if (object.kind !== "column" || !object.implied || this.alter.has(id) || this.drop.has(id)) continue
      const [to, from] = [this.want.objects.get(id) as CatalogObject<ColumnData> | undefined, object.data as ColumnData]
      if (to?.implied && from.inherited!.own && !to.data.notNull) this.alter.set(id, writers.column.alter!(to, object, { used: false, inside: false })!)
    }
  }
  /** What a child keeps when its parent loses it, or loses by itself, it keeps or loses while it is cut off for a moment. */
  private untie(): void {
    for (const { id, implied, kind } of this.have.objects.values()) {
      const object = this.want.objects.get(id)
      if (!implied || kind === "default" || !this.want.objects.has(implied.by)) continue
      const elsewhere = object?.implied && object.implied.from !== implied.from && this.drop.has(implied.from)
      if (object ? !object.implied || elsewhere : implied.local && this.drop.has(implied.from)) this.again(implied.by)
    }
  }
  /** As long as the tie is cut nothing comes from the parent: the child changes by itself, and what only a tie can make goes. */
  private retie(tie: ObjectId): void {
    for (const from of this.have.objects.values()) {
      const to = this.want.objects.get(from.id)
      if (from.implied?.by !== tie || !to?.implied || to.detail === from.detail) continue
      if (from.implied.needed) this.change({ want: alone(to), have: alone(from) })
      else this.again(to.id)
    }
  }

  private settle(): void {
    for (let gone = this.queue.pop(); gone !== undefined; gone = this.queue.pop()) {
      for (const id of this.on.get(gone) ?? []) if (follows(this.have, id, gone, this.drop)) this.again(id)
    }
  }

  /** A parent's default goes down to its children, and over what they have of their own. */
  private setDefaultsAgain(): void {
    const { want, have, alter, create, drop } = this
    const disturbs = (need: ObjectId) => need.startsWith("default:") && (alter.has(need) || create.has(need) || drop.has(need))
    for (const object of want.objects.values()) {
      if (object.kind !== "default" || object.implied || !have.objects.has(object.id) || drop.has(object.id)) continue
      if ([...(want.needs.get(object.id) ?? []), ...(have.needs.get(object.id) ?? [])].some(disturbs)) alter.set(object.id, writers.default.create(object, []))
    }
  }

  private sweep(): ReadonlyMap<ObjectId, readonly string[]> {
    const { want, have, drop } = this
    return new Map([...this.swaps].map(id => {
      const to = want.objects.get(id)!
      const { statements, sweep } = writers[to.kind].swap!(to, movers(have.objects.get(id)!, want, have, drop))
      this.alter.set(id, statements)
      return [id, sweep]
    }))
  }
}

const isTie = (id: ObjectId): boolean => id.startsWith("partition:") || id.startsWith("inheritance:")
const alone = ({ implied: _, ...object }: CatalogObject): CatalogObject => object

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

/** Whether columns have the type in arrays, or inside another type: there PostgreSQL does not look at their values. */
function isInside(id: ObjectId, want: Catalog, have: Catalog, on: ReadonlyMap<ObjectId, readonly ObjectId[]>): boolean {
  return (have.objects.get(id) as Used).data.columns.some(user => user.array && want.objects.has(columnId(user))) || (on.get(id) ?? []).some(user => isUsedType(user, want, have, on))
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
  if (kind === "table storage") return gone === parent
  // a column goes with its table, but not with a type or a function it uses: those are altered away from it first
  if (implied?.from === gone && drop.has(implied.by) && !drop.has(parent!)) return false
  return kind !== "column" || drop.has(parent!) || isGenerated(have, id)
}
const isGenerated = (catalog: Catalog, id: ObjectId): boolean => (catalog.objects.get(id)?.data as ColumnData).generated !== ""

/** What stands on an altered object and has to be made again around it: PostgreSQL refuses to retype under these. */
function disturbed(id: ObjectId, want: Catalog, have: Catalog, on: ReadonlyMap<ObjectId, readonly ObjectId[]>): ObjectId[] {
  const [to, from] = [want.objects.get(id)!, have.objects.get(id)!]
  // a key with this column under INCLUDE is made again by PostgreSQL, which then stumbles over the foreign keys that point at it
  const users = standing(id, have, on).flatMap(user => [user, ...(user.startsWith("constraint:") || user.startsWith("index:") ? (on.get(user) ?? []).filter(other => isForeignKey(have.objects.get(other)!)) : [])])
    .filter(user => stepsAside(have.objects.get(user)!))
  if (to.kind === "column") return retyped(to.data as ColumnData, from.data as ColumnData) ? users : []
  // REVOKE on a table takes the same right on its columns along
  if (to.kind === "grant") return (on.get(id) ?? []).filter(user => have.objects.get(user)!.kind === "grant")
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

const isForeignKey = (object: CatalogObject): boolean => object.kind === "constraint" && (object.data as ConstraintData).type === "f"

function stepsAside(object: CatalogObject): boolean {
  if (object.kind === "index") return (object.data as IndexData).expressive
  if (object.kind === "constraint") return ["c", "f", "x"].includes((object.data as ConstraintData).type)
  return ["view", "materialized view", "policy", "trigger", "default", "function", "column", "rule", "statistics", "publication", "column storage", "table storage"].includes(object.kind)
}
