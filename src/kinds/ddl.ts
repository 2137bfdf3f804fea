import type { Catalog, CatalogObject, ObjectId } from "../core/catalog.ts"
import { compare } from "../core/compare.ts"
import { decide, dependents, type Actions, type DdlOptions } from "./actions.ts"
import { writers } from "./all.ts"
import type { ColumnData } from "./column.ts"
import type { DefaultPrivilegeData } from "./default-privilege.ts"
import type { LinkData } from "./inheritance.ts"
import { activePrivileges, setRight } from "./new-rights.ts"
import { isOpen, Said } from "./said.ts"

type Verb = "drop" | "alter" | "create" | "sweep"
type Node = `${Verb} ${ObjectId}`

/**
 * The statements that make `have` into `want`, in an order that works; without semicolons.
 *
 * @param want, have  both read by `inspect` with the same home schema
 */
export function ddl(want: Catalog, have: Catalog, options: DdlOptions = {}): readonly string[] {
  const actions = decide(compare(want, have), want, have, options)
  const plan = new Plan(want, have, actions)
  return plan.order().flatMap(node => plan.write(node))
}

/** Works out one order; holds nothing that outlives a call of `ddl`. */
class Plan {
  private readonly on: ReadonlyMap<ObjectId, readonly ObjectId[]>
  private readonly said: Said
  private readonly late = new Set<ObjectId>()
  private readonly firsts = new Map<Node, readonly Node[]>()
  /** Columns of `have` by the key of their identity's sequence. */
  private readonly identities: ReadonlyMap<string, ObjectId>
  /** Ties that go, by the table above. */
  private readonly cuts: ReadonlyMap<ObjectId, readonly ObjectId[]>
  /** Default privileges that work on all that is made. */
  private readonly active: readonly CatalogObject<DefaultPrivilegeData>[]
  constructor(private readonly want: Catalog, private readonly have: Catalog, private readonly actions: Actions) {
    this.on = dependents(have)
    this.active = activePrivileges(have, actions.drop)
    const links = [...actions.drop].filter(id => /^(partition|inheritance):/.test(id))
    this.cuts = Map.groupBy(links, id => `table:${(have.objects.get(id)!.data as LinkData).parentKey}` as const)
    this.said = new Said(want, have, actions)
    this.identities = new Map([...have.objects.values()].flatMap(object => {
      const key = object.kind === "column" && (object.data as ColumnData).sequence?.key
      return key ? [[key, object.id] as const] : []
    }))
  }

  order(): readonly Node[] {
    const done = new Map<Node, "open" | "done">()
    const result: Node[] = []
    const visit = (node: Node): void => {
      if (done.has(node)) return
      done.set(node, "open")
      this.before(node).forEach(visit)
      // what is done cannot reach what is not
      this.referenced(node).filter(other => !done.has(other) && !this.reaches(other, node)).forEach(visit)
      done.set(node, "done")
      result.push(node)
    }
    this.nodes().forEach(visit)
    return this.inlineForeignKeys(result)
  }

  /** Tables that a new table's foreign keys point at: better made before it, so that the keys can stand inside it. */
  private referenced(node: Node): readonly Node[] {
    const [verb, id] = split(node)
    if (verb !== "create" || this.want.objects.get(id)!.kind !== "table") return []
    const keys = (this.said.children.get(id) ?? []).filter(child => this.said.isForeign(this.want.objects.get(child)!))
    return keys.flatMap(key => this.want.needs.get(key) ?? []).flatMap(need => this.begin(need)).filter(other => other !== node)
  }
  private reaches(from: Node, goal: Node, seen = new Set<Node>()): boolean {
    if (from === goal) return true
    if (seen.has(from)) return false
    seen.add(from)
    return this.before(from).some(next => this.reaches(next, goal, seen))
  }

  private nodes(): readonly Node[] {
    const { drop, create, alter, sweep } = this.actions
    const drops = [...drop].filter(id => !this.said.absorbed(id)).toSorted((a, b) => this.rank(this.have, b) - this.rank(this.have, a))
    const rest = [...alter.keys(), ...create].filter(id => alter.has(id) || this.said.head(id) === id).toSorted((a, b) => this.rank(this.want, a) - this.rank(this.want, b))
    const [first, last] = [drops.filter(isPrivilege), rest.filter(isPrivilege)]
    const others = (ids: readonly ObjectId[]) => ids.filter(id => !isPrivilege(id))
    return [...[...first, ...others(drops)].map(id => `drop ${id}` as const), ...[...others(rest), ...last].flatMap(id => (alter.has(id) ? [`alter ${id}` as const, ...(sweep.has(id) ? [`sweep ${id}` as const] : [])] : [`create ${id}` as const]))]
  }
  /** Order of creation; what hangs on a table comes where the table comes, behind it. */
  private rank(catalog: Catalog, id: ObjectId): number {
    const object = catalog.objects.get(id)!
    return ["column", "default"].includes(object.kind) && object.parent ? this.rank(catalog, object.parent) + object.rank / 10_000 : object.rank
  }

  /** What has to be done before this node; asked again and again while circles are looked for. */
  private before(node: Node): readonly Node[] {
    const known = this.firsts.get(node) ?? this.firstsOf(node)
    this.firsts.set(node, known)
    return known
  }
  private firstsOf(node: Node): readonly Node[] {
    const [verb, id] = split(node)
    const cut = this.cutBefore(id)
    if (verb === "drop") return [...cut, ...this.along(id).flatMap(gone => this.on.get(gone) ?? []).flatMap(user => this.end(user))].filter(other => other !== node)
    if (verb === "sweep") return [`alter ${id}`, ...(this.on.get(id) ?? []).flatMap(user => this.end(user))]
    const drops = verb === "create"
      ? this.said.members(id).flatMap(member => (this.actions.drop.has(member) && !this.said.absorbed(member) ? [`drop ${member}` as Node] : [])).concat(this.sameName(id))
      : (this.on.get(id) ?? []).filter(user => this.actions.drop.has(user) || (user.startsWith("publication:") && this.unlogs(id))).flatMap(user => this.end(user))
    const needs = this.said.members(id).flatMap(member => this.needs(member)).flatMap(need => this.begin(need))
    return [...cut, ...drops, ...needs, ...(verb === "create" ? this.tiedAfter(id) : [])].filter(other => other !== node)
  }
  /** PostgreSQL does not let a table go UNLOGGED as long as it is published by name. */
  private unlogs(id: ObjectId): boolean {
    const [want, have] = [this.want, this.have].map(catalog => catalog.objects.get(id) as CatalogObject<{ readonly unlogged?: boolean }> | undefined)
    return want?.kind === "table" && want.data.unlogged === true && have?.data.unlogged === false
  }
  /** What it needs by then; before it is tied to a parent it needs nothing there. */
  private needs(id: ObjectId): readonly ObjectId[] {
    const implied = this.want.objects.get(id)?.implied
    const own = this.want.needs.get(id) ?? []
    // a foreign key: all columns of the key it points at, those under INCLUDE too; how a column is kept: its type, which takes that along when it is replaced
    const through = this.said.isForeign(this.want.objects.get(id)) ? /^(constraint|index):/ : id.startsWith("column storage:") ? /^column:/ : null
    const needs = through ? own.flatMap(need => [need, ...(through.test(need) ? this.want.needs.get(need) ?? [] : [])]) : own
    return implied && this.actions.create.has(implied.by) && this.said.head(id) === id ? needs.filter(need => need !== implied.from) : needs
  }
  /** A tie to a parent that goes is cut before either table changes: the change would go down to the child. */
  private cutBefore(id: ObjectId): readonly Node[] {
    const object = this.have.objects.get(id)
    const own = object?.implied && this.actions.drop.has(object.implied.by) ? this.end(object.implied.by) : []
    const table = object?.kind === "default" ? this.have.objects.get(object.parent!)!.parent : object?.parent
    return [...own, ...(table ? (this.cuts.get(table) ?? []).flatMap(link => this.end(link)) : [])]
  }
  /** A tie between two tables that are there already is made when both have what it takes. */
  private tiedAfter(id: ObjectId): readonly Node[] {
    const link = this.want.objects.get(id)!
    if (link.kind !== "partition" && link.kind !== "inheritance") return []
    const tables = [link.parent!, `table:${(link.data as LinkData).parentKey}` as ObjectId]
    const wanted = tables.flatMap(table => this.said.children.get(table) ?? []).flatMap(child => [child, ...(this.said.children.get(child) ?? [])]).filter(child => /^(column|constraint|default):/.test(child))
    const unwanted = [...this.actions.drop].filter(gone => /^(column|constraint):/.test(gone) && tables.includes(this.have.objects.get(gone)!.parent!))
    return [...wanted.filter(child => this.said.head(child) !== id).flatMap(child => this.begin(child)), ...unwanted.flatMap(gone => this.end(gone))]
  }
  /** What a drop takes along, itself first: who stands on a column must go before its table. */
  private along(id: ObjectId): readonly ObjectId[] {
    const standing = (this.on.get(id) ?? []).map(child => child.replace(/^sequence owner:/, "sequence:") as ObjectId)
    const inside = standing.filter(child => this.said.bearer(child) === id && this.said.absorbed(child))
    return [id, ...inside.flatMap(child => this.along(child))]
  }
  /** How an object of `have` ends or lets go: its drop, its parent's drop, or its alteration. */
  private end(id: ObjectId): readonly Node[] {
    if (this.actions.sweep.has(id)) return [`sweep ${id}`]
    const implied = this.have.objects.get(id)?.implied
    // cut off, it stands on nothing above
    if (implied && !this.actions.drop.has(id) && this.actions.drop.has(implied.by)) return this.end(implied.by)
    if (this.actions.alter.has(id)) return [`alter ${id}`]
    if (!this.actions.drop.has(id)) return []
    const parent = this.said.bearer(id)
    return this.said.absorbed(id) && parent ? this.end(parent) : [`drop ${id}`]
  }
  private begin(id: ObjectId): readonly Node[] {
    if (this.actions.alter.has(id)) return [`alter ${id}`]
    return this.actions.create.has(id) ? [`create ${this.said.head(id)}`] : []
  }
  /** Relations and types share one space of names: the old bearer goes first. */
  private sameName(id: ObjectId): readonly Node[] {
    const key = this.want.objects.get(id)!.key
    return (["table", "foreign table", "view", "materialized view", "index", "sequence", "enum", "domain", "composite type", "range type", "function", "aggregate"] as const).map(kind => `${kind}:${key}` as ObjectId)
      .filter(other => other !== id && this.actions.drop.has(other)).flatMap(other => this.end(other)).concat(this.end(this.identities.get(key) ?? id))
  }

  /** A foreign key stands inside CREATE TABLE when all it needs is there by then, behind it otherwise. */
  private inlineForeignKeys(order: readonly Node[]): readonly Node[] {
    const place = new Map(order.map((node, i) => [node, i]))
    for (const node of order) {
      const [verb, id] = split(node)
      const object = verb === "create" ? this.want.objects.get(id)! : null
      if (!object || !this.said.isForeign(object) || !this.actions.create.has(object.parent!)) continue
      const table = place.get(`create ${object.parent!}`)!
      const ready = (this.want.needs.get(id) ?? []).flatMap(need => this.begin(need)).every(need => place.get(need)! <= table)
      if (ready && !isOpen(object)) this.late.add(id)
    }
    return order.filter(node => !this.late.has(split(node)[1]))
  }

  write(node: Node): readonly string[] {
    const [verb, id] = split(node)
    if (verb === "drop") return writers[this.have.objects.get(id)!.kind].drop(this.have.objects.get(id)!)
    // a new type in the place of an old one gets what default privileges give to new types
    if (verb === "alter") return [...this.actions.alter.get(id)!, ...(this.actions.sweep.has(id) ? setRight(this.want.objects.get(id)!, this.want, this.active) : [])]
    if (verb === "sweep") return this.actions.sweep.get(id)!
    const foreign = (this.said.children.get(id) ?? []).filter(child => this.late.has(child))
    const children = [...this.said.members(id), ...foreign].filter(member => member !== id).map(member => this.want.objects.get(member)!)
    const stricter = id.startsWith("column:") ? children.filter(child => child.kind === "column" && child.implied!.detail !== "") : []
    const back = [id, ...children.map(child => child.id)].flatMap(one => setRight(this.want.objects.get(one)!, this.want, this.active))
    return [...writers[this.want.objects.get(id)!.kind].create(this.want.objects.get(id)!, children), ...back, ...stricter.flatMap(child => writers.column.alter!(child, child, { used: false, inside: false })!)]
  }
}

/** What is made in between must not be made under default privileges that go or that are yet to come. */
const isPrivilege = (id: ObjectId): boolean => id.startsWith("default privilege:")

function split(node: Node): [Verb, ObjectId] {
  const space = node.indexOf(" ")
  return [node.slice(0, space) as Verb, node.slice(space + 1) as ObjectId]
}
