import type { Catalog, CatalogObject, KindName, ObjectId } from "../core/catalog.ts"
import type { Diagram, DiagramChange, DiagramColumn, DiagramEdge, DiagramTable } from "../core/diagram.ts"
import { typeText, type ColumnData } from "./column.ts"
import type { ConstraintData } from "./constraint.ts"
import type { IndexData } from "./index-kind.ts"

/**
 * The tables of a catalog with their keys.
 *
 * @param before  what it was before a change: what is new, gone or otherwise now is marked, and what is gone is in the picture, too
 */
export function diagramOf(catalog: Catalog, before: Catalog | null = null): Diagram {
  const now = partsOf(catalog)
  if (!before) return { tables: now.tables.map(table => ({ ...table, change: null })), edges: now.edges.map(edge => ({ ...edge, change: null })) }
  const old = partsOf(before)
  const gone = old.tables.filter(table => !now.tables.some(one => one.name === table.name))
  return {
    tables: [...now.tables.map(table => marked(table, old.tables.find(one => one.name === table.name))), ...gone.map(table => ({ ...table, change: "removed" as const, columns: table.columns.map(column => ({ ...column, change: "removed" as const })) }))],
    edges: [
      ...now.edges.map(edge => ({ ...edge, change: edgeChange(edge, old.edges.find(one => one.from === edge.from && one.name === edge.name)) })),
      ...old.edges.filter(edge => !now.edges.some(one => one.from === edge.from && one.name === edge.name)).map(edge => ({ ...edge, change: "removed" as const })),
    ],
  }
}

function marked(table: DiagramTable, old: DiagramTable | undefined): DiagramTable {
  if (!old) return { ...table, change: "added", columns: table.columns.map(column => ({ ...column, change: "added" })) }
  const columns = table.columns.map(column => ({ ...column, change: columnChange(column, old.columns.find(one => one.name === column.name)) }))
  const gone = old.columns.filter(column => !table.columns.some(one => one.name === column.name)).map(column => ({ ...column, change: "removed" as const }))
  const all = [...columns, ...gone]
  return { ...table, columns: all, change: all.some(column => column.change !== null) ? "changed" : null }
}

function columnChange(column: DiagramColumn, old: DiagramColumn | undefined): DiagramChange {
  if (!old) return "added"
  return JSON.stringify({ ...column, change: null }) === JSON.stringify({ ...old, change: null }) ? null : "changed"
}

function edgeChange(edge: DiagramEdge, old: DiagramEdge | undefined): DiagramChange {
  if (!old) return "added"
  return JSON.stringify({ ...edge, change: null }) === JSON.stringify({ ...old, change: null }) ? null : "changed"
}

interface Below {
  readonly columns: readonly CatalogObject<ColumnData>[]
  readonly constraints: readonly ConstraintData[]
  readonly indexes: readonly IndexData[]
}

function partsOf(catalog: Catalog): Diagram {
  const below = Map.groupBy(catalog.objects.values(), object => object.parent)
  const ofKind = <D>(parent: ObjectId, kind: KindName): readonly CatalogObject<D>[] => (below.get(parent) ?? []).filter(object => object.kind === kind).toSorted((a, b) => a.rank - b.rank) as unknown as readonly CatalogObject<D>[]
  const tables = [...catalog.objects.values()].filter(object => object.kind === "table" || object.kind === "foreign table").toSorted((a, b) => (a.key < b.key ? -1 : 1))
  const parts = tables.map(table => ({ table, below: { columns: ofKind<ColumnData>(table.id, "column"), constraints: ofKind<ConstraintData>(table.id, "constraint").map(one => one.data), indexes: ofKind<IndexData>(table.id, "index").map(one => one.data) } }))
  return {
    tables: parts.map(({ table, below: own }) => ({ name: table.key, columns: own.columns.map(({ data }) => columnOf(data, own)), change: null })),
    edges: parts.flatMap(({ table, below: own }) => own.constraints.filter(one => one.type === "f").map(key => edgeOf(table.key, key, own))),
  }
}

function columnOf(data: ColumnData, own: Below): DiagramColumn {
  const within = (types: readonly ConstraintData["type"][]): boolean => own.constraints.some(one => types.includes(one.type) && one.columns.includes(data.name))
  return {
    name: data.name, type: typeText(data), primary: within(["p"]), foreign: within(["f"]), unique: isUnique([data.name], own), nullable: !data.notNull, change: null,
  }
}

function edgeOf(from: string, key: ConstraintData, own: Below): DiagramEdge {
  const columns = own.columns.filter(({ data }) => key.columns.includes(data.name))
  return {
    name: key.name, from, columns: key.columns, to: key.target!.key, toColumns: key.target!.columns,
    one: isUnique(key.columns, own), optional: columns.some(({ data }) => !data.notNull), change: null,
  }
}

/** Whether these columns alone are unique, by a constraint or by an index over all rows. */
function isUnique(columns: readonly string[], { constraints, indexes }: Below): boolean {
  const same = (others: readonly (string | null)[]): boolean => others.length === columns.length && others.every(one => one !== null && columns.includes(one))
  return constraints.some(one => (one.type === "p" || one.type === "u") && same(one.columns)) || indexes.some(one => one.unique && one.shape.predicate === null && same(one.shape.parts.map(part => part.column)))
}
