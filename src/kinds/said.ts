import type { Catalog, CatalogObject, Implied, KindName, ObjectId } from "../core/catalog.ts"
import type { Actions } from "./actions.ts"
import { circles } from "./circles.ts"
import type { ConstraintData } from "./constraint.ts"
import { ownerOf, serialOf } from "./serial.ts"

/** Children that their parent's CREATE says in one breath. A foreign key is said there only when its target is there already. */
const INLINE: Readonly<Partial<Record<KindName, readonly KindName[]>>> = { table: ["column", "default", "constraint", "partition", "inheritance"], "foreign table": ["column", "default", "constraint", "partition", "inheritance"], column: ["default"] }

/** Which statement says an object: a CREATE says its children in one breath, a DROP takes them along. */
export class Said {
  readonly children = new Map<ObjectId, ObjectId[]>()
  /** Children that do not simply go with their parents. */
  private readonly circular: ReadonlySet<ObjectId>
  constructor(private readonly want: Catalog, private readonly have: Catalog, private readonly actions: Actions) {
    this.circular = circles(have, actions.drop, id => this.bearer(id))
    for (const object of want.objects.values()) {
      const parent = this.serialColumn(object) ?? object.parent
      for (const above of [parent, object.implied?.from]) if (above) this.children.set(above, [...(this.children.get(above) ?? []), object.id])
    }
  }

  /** The object whose CREATE says this one: itself, or its parent. */
  head(id: ObjectId): ObjectId {
    const object = this.want.objects.get(id)
    const serial = object && this.serialColumn(object)
    if (serial) return this.head(serial)
    const parent = object?.parent
    if (object?.implied) return this.headOfImplied(object, object.implied)
    if (!object || !parent || !this.actions.create.has(parent)) return id
    // a child's own default for a column that its parent's CREATE brings
    if (object.kind === "default" && this.want.objects.get(parent)!.implied && this.head(parent) !== parent) return id
    if (this.isForeign(object) || isOpen(object) || this.isTwin(object) || !INLINE[this.want.objects.get(parent)!.kind]?.includes(object.kind)) return id
    return this.head(parent)
  }
  /** A parent's column, constraint or index comes to its children by itself; a table that is yet to be tied must have some of them before. */
  private headOfImplied({ id, parent }: CatalogObject, { by, from, needed }: Implied): ObjectId {
    const { create } = this.actions
    if (parent && create.has(parent)) return this.head(parent)
    if (create.has(by)) return needed ? id : this.head(by)
    return create.has(from) ? this.head(from) : id
  }
  /** The new column whose `serial` makes this sequence, its owner and its default in one word. */
  private serialColumn(object: CatalogObject): ObjectId | null {
    if (object.kind !== "sequence" && object.kind !== "sequence owner") return null
    const column = serialOf(this.want, object.key)
    return column && [column, `sequence:${object.key}` as ObjectId, column.replace(/^column:/, "default:") as ObjectId].every(id => this.actions.create.has(id)) ? column : null
  }
  isForeign(object: CatalogObject | undefined): boolean {
    return object?.kind === "constraint" && (object.data as ConstraintData).type === "f"
  }
  /** PostgreSQL makes one constraint of two that are alike in one CREATE TABLE: the second comes behind it. */
  private isTwin(object: CatalogObject): boolean {
    const data = object.data as ConstraintData
    if (object.kind !== "constraint" || data.type !== "u") return false
    const alike = (other: CatalogObject<ConstraintData>) => ["p", "u"].includes(other.data.type) && other.data.columns.join() === data.columns.join() && (other.data.type === "p" || other.id < object.id)
    return (this.children.get(object.parent!) ?? []).some(id => id !== object.id && id.startsWith("constraint:") && alike(this.want.objects.get(id) as CatalogObject<ConstraintData>))
  }
  /** Whose end is also this one's: the parent, or the column that owns a sequence nobody keeps. */
  bearer(id: ObjectId): ObjectId | null {
    const implied = this.have.objects.get(id)?.implied
    if (implied && this.actions.drop.has(implied.from) && !this.actions.drop.has(implied.by)) return implied.from
    const owner = id.startsWith("sequence:") && this.actions.drop.has(id) ? ownerOf(this.have, id.slice("sequence:".length)) : null
    return owner ?? this.have.objects.get(id)?.parent ?? null
  }
  /** A dropped parent takes its children along. */
  absorbed(id: ObjectId): boolean {
    const parent = this.bearer(id)
    return !!parent && !this.circular.has(id) && (this.actions.drop.has(parent) || this.absorbed(parent))
  }

  members(id: ObjectId): readonly ObjectId[] {
    if (!this.actions.create.has(id)) return [id]
    const inside = (this.children.get(id) ?? []).filter(child => this.actions.create.has(child) && this.head(child) === id)
    return [id, ...inside.flatMap(child => [child, ...(this.children.get(child) ?? []).filter(grandchild => this.head(grandchild) === id)])]
  }
}

/** CREATE TABLE reads over NOT VALID: such a constraint is added behind it. */
export const isOpen = (object: CatalogObject): boolean => object.kind === "constraint" && object.detail.endsWith(" NOT VALID")
