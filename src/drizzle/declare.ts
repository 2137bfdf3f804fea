import type { AnyPgTable, PgMaterializedView, PgPolicy, PgRole, PgSchema, PgSequence, PgView } from "drizzle-orm/pg-core"
import { enumOf } from "./declare-column.ts"
import { indexDdl } from "./declare-index.ts"
import { policyDdl, roleDdl, rolesOfPolicy } from "./declare-policy.ts"
import { foreignKeyDdl, keysInside, neededFirst, tableDdl } from "./declare-table.ts"
import { enumDdl, schemaDdl, sequenceDdl } from "./declare-type.ts"
import { materializedViewDdl, materializedViewParts, viewDdl, viewParts } from "./declare-view.ts"
import type { Writer } from "./writer.ts"

type EnumParts = { readonly schema?: string | undefined; readonly enumName: string; readonly enumValues: readonly string[] }

/** The exports of a schema, sorted by what they are. */
export interface Entities {
  readonly schemas: readonly PgSchema[]
  readonly enums: readonly EnumParts[]
  readonly sequences: readonly PgSequence[]
  readonly tables: readonly AnyPgTable[]
  readonly views: readonly PgView[]
  readonly materializedViews: readonly PgMaterializedView[]
  readonly policies: readonly PgPolicy[]
  readonly roles: readonly PgRole[]
}

/** What one export is, or `null` for what is no part of a database (relations, helpers, types). */
export function entityKind(w: Writer, value: unknown): keyof Entities | null {
  const { core, pg } = w.orm
  if (value === null || (typeof value !== "object" && typeof value !== "function")) return null
  if (pg.isPgEnum(value)) return "enums"
  if (core.is(value, pg.PgTable)) return "tables"
  if (pg.isPgSchema(value)) return "schemas"
  if (pg.isPgSequence(value)) return "sequences"
  if (pg.isPgView(value)) return "views"
  if (pg.isPgMaterializedView(value)) return "materializedViews"
  if (core.is(value, pg.PgRole)) return "roles"
  if (core.is(value, pg.PgPolicy)) return "policies"
  return null
}

/** The whole schema as DDL from nothing. Each statement stands alone; the order is a likely one, dependencies between views are not looked at. */
export function declare(w: Writer, all: Entities): string[] {
  const tables = neededFirst(w, all.tables.map(table => w.orm.pg.getTableConfig(table)))
  const enums = withHidden(all.enums, tables.flatMap(table => table.columns.flatMap(column => enumOf(w, column) ?? [])))
  const views = all.views.flatMap(view => viewParts(w, view) ?? [])
  const materialized = all.materializedViews.flatMap(view => materializedViewParts(w, view) ?? [])
  const linked = all.policies.flatMap(policy => linkOf(w, policy))
  const policies = [...tables.flatMap(table => table.policies.map(policy => ({ policy, table }))), ...linked]
  const schemas = new Set([
    ...all.schemas.map(schema => schema.schemaName),
    ...[...tables, ...enums, ...all.sequences, ...views, ...materialized].flatMap(owner => owner.schema ?? []),
  ])
  const protectedTables = new Set([...tables.filter(table => table.enableRLS), ...policies.map(({ table }) => table)].map(table => w.names.full(table.schema, table.name)))
  const inside = keysInside(w, tables)
  return [
    ...rolesOf(w, all.roles, policies.map(({ policy }) => policy)),
    ...[...schemas].filter(name => name !== "public").map(name => schemaDdl(w, name)),
    ...enums.map(type => enumDdl(w, type)),
    ...all.sequences.map(sequence => sequenceDdl(w, sequence)),
    ...tables.map(table => tableDdl(w, table, inside.get(table))),
    ...tables.flatMap(table => table.foreignKeys.filter(key => !inside.get(table)!.includes(key)).map(key => foreignKeyDdl(w, table, key))),
    ...tables.flatMap(table => table.indexes.map(index => indexDdl(w, index, table))),
    ...views.map(parts => viewDdl(w, parts)),
    ...materialized.map(parts => materializedViewDdl(w, parts)),
    ...[...protectedTables].map(name => `ALTER TABLE ${name} ENABLE ROW LEVEL SECURITY;`),
    ...policies.map(({ policy, table }) => policyDdl(w, policy, table)),
  ]
}

/** Enums that a column uses but no file exports: without them its table could not be made. */
function withHidden(said: readonly EnumParts[], used: readonly EnumParts[]): EnumParts[] {
  const byName = new Map<string, EnumParts>()
  for (const type of [...said, ...used]) {
    const key = JSON.stringify([type.schema ?? null, type.enumName])
    if (!byName.has(key)) byName.set(key, type)
  }
  return [...byName.values()]
}

/** Roles that are said, and those that policies only name: an empty database has neither. */
function rolesOf(w: Writer, said: readonly PgRole[], policies: readonly PgPolicy[]): string[] {
  const byName = new Map<string, { name: string }>(policies.flatMap(policy => rolesOfPolicy(w, policy)).map(name => [name, { name }]))
  for (const role of said) byName.set(role.name, role)
  return [...byName.values()].map(role => roleDdl(w, role))
}

function linkOf(w: Writer, policy: PgPolicy): { policy: PgPolicy; table: ReturnType<Writer["orm"]["pg"]["getTableConfig"]> }[] {
  const table = (policy as PgPolicy & { _linkedTable?: AnyPgTable })._linkedTable
  return table ? [{ policy, table: w.orm.pg.getTableConfig(table) }] : []
}
