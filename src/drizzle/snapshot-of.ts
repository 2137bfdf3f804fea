import type { Catalog, CatalogObject, KindName } from "../core/catalog.ts"
import type { ConstraintData } from "../kinds/constraint.ts"
import type { EnumData } from "../kinds/enum.ts"
import type { IndexData } from "../kinds/index-kind.ts"
import type { Named } from "../kinds/kind.ts"
import type { PolicyData } from "../kinds/policy.ts"
import type { SequenceData } from "../kinds/sequence.ts"
import type { TableData } from "../kinds/table.ts"
import type { ViewData } from "../kinds/view.ts"
import { columnJson } from "./snapshot-column.ts"

/** JSON that drizzle-kit reads: objects whose keys are names. */
export type Json = { readonly [key: string]: unknown }

/** `public` is the home schema's name in a snapshot's keys. */
export const homeOr = (schema: string | null): string => schema ?? "public"

/**
 * drizzle-kit's snapshot (version 7, without its ids) of what a catalog holds: the kinds that Drizzle can say, as its own introspection
 * would write them. Expressions are PostgreSQL's text; `likeDonors` gives them back the words of the schema files.
 */
export function snapshotOf(catalog: Catalog): Json {
  const of = objectsOf(catalog)
  const sequences = of<SequenceData>("sequence").filter(object => !catalog.objects.has(`sequence owner:${object.key}`))
  return {
    version: "7",
    dialect: "postgresql",
    tables: keyed(of<TableData>("table"), ({ data }) => `${homeOr(data.schema)}.${data.name}`, table => tableJson(catalog, table)),
    enums: keyed(of<EnumData>("enum"), fullKey, ({ data }) => ({ name: data.name, schema: homeOr(data.schema), values: data.labels })),
    schemas: keyed(of<Named>("schema"), ({ data }) => data.name, ({ data }) => data.name),
    sequences: keyed(sequences, fullKey, ({ data }) => ({
      name: data.name, schema: homeOr(data.schema), increment: data.increment, startWith: data.start, minValue: data.min, maxValue: data.max, cache: data.cache, cycle: data.cycle,
    })),
    roles: {},
    policies: {},
    views: keyed([...of<ViewData>("view"), ...of<ViewData>("materialized view")], fullKey, viewJson),
    _meta: { schemas: {}, tables: {}, columns: {} },
  }
}

const fullKey = ({ data }: CatalogObject<Named>): string => `${homeOr(data.schema)}.${data.name}`

function objectsOf(catalog: Catalog): <D>(kind: KindName) => CatalogObject<D>[] {
  const byKind = Map.groupBy(catalog.objects.values(), object => object.kind)
  return <D>(kind: KindName) => (byKind.get(kind) ?? []).toSorted((a, b) => a.rank - b.rank) as CatalogObject<D>[]
}

function keyed<T>(items: readonly T[], key: (item: T) => string, value: (item: T) => unknown): Json {
  return Object.fromEntries(items.map(item => [key(item), value(item)]))
}

function tableJson(catalog: Catalog, table: CatalogObject<TableData>): Json {
  const below = [...catalog.objects.values()].filter(object => object.parent === table.id).toSorted((a, b) => a.rank - b.rank)
  const policies = below.filter(object => object.kind === "policy").map(object => object.data as PolicyData)
  const constraints = below.filter(object => object.kind === "constraint").map(object => object.data as ConstraintData)
  const typed = (type: ConstraintData["type"]) => constraints.filter(one => one.type === type)
  const primary = typed("p")[0] ?? null
  const single = primary?.columns.length === 1 ? primary.columns[0]! : null
  const name = (one: { readonly name: string }): string => one.name
  return {
    name: table.data.name,
    schema: table.data.schema ?? "",
    columns: keyed(below.filter(object => object.kind === "column"), object => (object.data as { name: string }).name, object => columnJson(catalog, object as never, single)),
    indexes: keyed(below.filter(object => object.kind === "index").map(object => object.data as IndexData), name, indexJson),
    foreignKeys: keyed(typed("f"), name, foreignKeyJson),
    compositePrimaryKeys: keyed(primary && !single ? [primary] : [], name, one => ({ name: one.name, columns: one.columns })),
    uniqueConstraints: keyed(typed("u"), name, one => ({ name: one.name, nullsNotDistinct: one.clause.startsWith("UNIQUE NULLS NOT DISTINCT"), columns: one.columns })),
    policies: keyed(policies, name, policyJson),
    checkConstraints: keyed(typed("c"), name, one => ({ name: one.name, value: one.clause.slice("CHECK (".length, one.clause.lastIndexOf(")")) })),
    // a policy alone means that its table is protected: drizzle-kit says it only where there is none
    isRLSEnabled: table.data.rls && policies.length === 0,
  }
}

function indexJson({ name, unique, shape }: IndexData): Json {
  return {
    name,
    columns: shape.parts.map(part => ({
      expression: part.column ?? part.expression, isExpression: part.column === null, asc: !part.descending,
      nulls: part.nullsFirst ? "first" : "last", ...(part.opclass === null ? {} : { opclass: part.opclass }),
    })),
    isUnique: unique,
    ...(shape.predicate === null ? {} : { where: shape.predicate }),
    concurrently: false,
    method: shape.method,
    with: optionsJson(shape.options),
  }
}

const ACTION: Readonly<Record<string, string>> = { a: "no action", r: "restrict", c: "cascade", n: "set null", d: "set default" }

function foreignKeyJson({ name, table, target, columns, onDelete, onUpdate }: ConstraintData): Json {
  return {
    name, tableFrom: table.name, tableTo: target!.name, ...(target!.schema === null ? {} : { schemaTo: target!.schema }),
    columnsFrom: columns, columnsTo: target!.columns, onDelete: ACTION[onDelete], onUpdate: ACTION[onUpdate],
  }
}

const COMMAND: Readonly<Record<string, string>> = { r: "SELECT", a: "INSERT", w: "UPDATE", d: "DELETE", "*": "ALL" }

function policyJson({ name, permissive, command, roles, using, check }: PolicyData): Json {
  return {
    name, as: permissive ? "PERMISSIVE" : "RESTRICTIVE", for: COMMAND[command], to: roles,
    ...(using === null ? {} : { using }), ...(check === null ? {} : { withCheck: check }),
  }
}

const camel = (name: string): string => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
const optionValue = (text: string): unknown => (text === "true" || text === "false" ? text === "true" : /^\d+$/.test(text) ? Number(text) : text)

/** `fillfactor=70` as an entry of an object. */
function optionsJson(options: readonly string[]): Json {
  return Object.fromEntries(options.map(option => option.split("=") as [string, string]).map(([key, value]) => [camel(key), optionValue(value)]))
}

function viewJson({ data }: CatalogObject<ViewData>): Json {
  return {
    columns: Object.fromEntries(data.columns.map(column => {
      const cut = column.indexOf(" ")
      return [column.slice(0, cut), { name: column.slice(0, cut), type: column.slice(cut + 1), primaryKey: false, notNull: false }]
    })),
    definition: data.definition.trim().replace(/;$/, ""),
    name: data.name, schema: homeOr(data.schema), isExisting: false,
    ...(data.options.length === 0 ? {} : { with: optionsJson(data.options) }),
    materialized: data.materialized,
  }
}
