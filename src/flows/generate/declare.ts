import { EMPTY, type Catalog, type CatalogObject, type KindName } from "../../core/catalog.ts"
import { ident } from "../../core/ident.ts"
import type { Session, SqlFile } from "../../core/types.ts"
import type { Declared } from "../../drizzle/declared.ts"
import { writers } from "../../kinds/all.ts"
import type { ColumnData } from "../../kinds/column.ts"
import { inspect } from "../../kinds/inspect.ts"
import { qualified } from "../../kinds/kind.ts"
import { runTogether } from "../../kinds/together.ts"
import { inherited, partitionedAs } from "./inherited.ts"
import { cannotBeMade, lendExtensions } from "./lent-extensions.ts"
import { lendRoles } from "./lent-roles.ts"
import { settle } from "../history/replay.ts"
import { sqlDeclarations } from "./sql-declarations.ts"
import { mayBeUnsaid, unsaid } from "./unsaid.ts"

const FUNCTION = "np_set_updated_at"
const SET_UPDATED_AT = `CREATE OR REPLACE FUNCTION ${FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.updated_at = now();
  RETURN NEW;
END;
$$`

export interface DeclareInput {
  readonly declared: Declared
  /** The history after renames. */
  readonly history: Catalog
  readonly sqlFiles: readonly SqlFile[]
  readonly updatedAtTriggers: boolean
  /** `false`: the shadow is empty, though there is a history. */
  readonly held?: boolean
}

/**
 * The catalog that the Drizzle schema, the SQL declarations and what the history alone knows stand for together.
 *
 * @param shadow  holds the history, unless `held` says that it does not, and holds again afterwards what it held
 */
export async function declaredCatalog(shadow: Session, input: DeclareInput): Promise<Catalog> {
  await shadow.script("begin")
  try {
    if (input.held ?? true) await stepAside(shadow, input.history)
    return await declare(shadow, input)
  } finally {
    await shadow.script("rollback")
  }
}

/**
 * The history steps aside for the time of the transaction: one shadow serves for both catalogs, a second one would cost its boot. A schema whose
 * name begins with `pg_` is never read, and to rename one is a hundred times quicker than to drop what is in it; where an extension will not
 * move out of it, all is dropped.
 */
async function stepAside(shadow: Session, history: Catalog): Promise<void> {
  if (history.objects.size === 0) return
  const refused = await runTogether(shadow, [renamed(history).join(";\n")])
  if (refused.length > 0) await shadow.script(dropped(history).join(";\n"))
}

const named = (history: Catalog, kind: KindName): readonly { readonly name: string; readonly schema: string | null }[] =>
  [...history.objects.values()].filter(object => object.kind === kind).map(object => object.data as { readonly name: string; readonly schema: string | null })

/** What lives outside of schemas. */
const outside = (history: Catalog): readonly string[] => [
  ...(["event trigger", "publication", "cast"] as const).flatMap(kind => [...history.objects.values()].filter(object => object.kind === kind).flatMap(object => writers[kind].drop(object))),
  ...named(history, "foreign data wrapper").map(({ name }) => `drop foreign data wrapper if exists ${ident(name)} cascade`),
]

function renamed(history: Catalog): readonly string[] {
  const schemas = ["public", ...named(history, "schema").map(({ name }) => name)]
  const extensions = named(history, "extension").map(({ name, schema }) => ({ name, schema: schema ?? "public" }))
  const again = schemas.filter(schema => schema === "public" || extensions.some(extension => extension.schema === schema))
  return [
    ...outside(history), "set local allow_system_table_mods = on", ...schemas.map((schema, i) => `alter schema ${ident(schema)} rename to pg_nself_${i}`),
    "set local allow_system_table_mods = off", ...again.map(schema => `create schema ${ident(schema)}`),
    ...extensions.map(({ name, schema }) => `alter extension ${ident(name)} set schema ${ident(schema)}`),
  ]
}

/** Extensions and their schemas go last: PostgreSQL cannot drop an index after the functions of its operator class. */
function dropped(history: Catalog): readonly string[] {
  const lenders = new Set(named(history, "extension").map(({ schema }) => schema))
  const schemas = named(history, "schema").map(({ name }) => name)
  const drop = (schema: string) => `drop schema if exists ${ident(schema)} cascade`
  return [
    ...outside(history), ...schemas.filter(schema => !lenders.has(schema)).map(drop), "drop schema public cascade", "create schema public", ...schemas.filter(schema => lenders.has(schema)).map(drop),
    ...named(history, "extension").map(({ name }) => `drop extension if exists ${ident(name)} cascade`),
  ]
}

async function declare(shadow: Session, { declared, history, sqlFiles, updatedAtTriggers }: DeclareInput): Promise<Catalog> {
  await shadow.script("set check_function_bodies = off")
  const sql = await sqlDeclarations(sqlFiles)
  const own = [...sql.map(one => one.text), ...declared.statements.map(partitionedAs(history))]
  // what the SQL files say counts, not what the history made of it: they go first, and what they made is not inherited
  const first = sql.length === 0 ? own : (await settle(shadow, own)).map(one => one.statement)
  const there = sql.length === 0 ? EMPTY : await inspect(shadow.query)
  const open = (await settle(shadow, [...inherited(history, there, declared), ...first])).map(one => one.statement)
  await lendRoles(shadow, open)
  const left = (await settle(shadow, open)).filter(({ statement }) => own.includes(statement))
  const broken = (await lendExtensions(shadow, left))[0]
  if (broken) throw await cannotBeMade(shadow, broken, sql.find(one => one.text === broken.statement)?.place ?? null)
  if (updatedAtTriggers) await settle(shadow, triggerStatements(declared, history))
  if (mayBeUnsaid(history)) await settle(shadow, unsaid(await inspect(shadow.query), history))
  return inspect(shadow.query)
}

/** For an `updated_at` column that is new here; one that came from elsewhere without a trigger is left alone. */
export function triggerStatements(declared: Declared, history: Catalog): readonly string[] {
  const columns = [...history.objects.values()].filter(object => object.kind === "column").map(object => object.data as ColumnData)
  const old = new Set(columns.filter(column => column.name === "updated_at").map(column => qualified(column.table)))
  const fresh = declared.tables.filter(table => table.hasUpdatedAt && !old.has(qualified(table)))
  if (fresh.length === 0) return []
  const make = [...history.objects.values()].some((object: CatalogObject) => object.key === `${FUNCTION}()`) ? [] : [SET_UPDATED_AT]
  return [...make, ...fresh.map(table => {
    return `CREATE TRIGGER ${ident(`${table.name.slice(0, 52)}_updated_at`)} BEFORE UPDATE ON ${qualified(table)} FOR EACH ROW EXECUTE FUNCTION ${FUNCTION}()`
  })]
}
