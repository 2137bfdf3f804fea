import type { Catalog, CatalogObject, KindName } from "../core/catalog.ts"
import { ident } from "../core/ident.ts"
import type { Session, SqlFile } from "../core/types.ts"
import type { Declared } from "../drizzle/declared.ts"
import { writers } from "../kinds/all.ts"
import type { ColumnData } from "../kinds/column.ts"
import { inspect } from "../kinds/inspect.ts"
import { qualified } from "../kinds/kind.ts"
import { cannotBeMade, lendExtensions } from "./lent-extensions.ts"
import { settle } from "./replay.ts"
import { mayBeUnsaid, unsaid } from "./unsaid.ts"

/** What a Drizzle schema says: absent there means drop. All other kinds come from the history, so nothing is dropped because Drizzle is blind to it. */
export const SAID: ReadonlySet<KindName> = new Set<KindName>([
  "schema", "enum", "sequence", "sequence owner", "table", "column", "default", "constraint", "index", "view", "materialized view", "policy",
])

const FUNCTION = "np_set_updated_at"
const SET_UPDATED_AT = `CREATE FUNCTION ${FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$
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
}

/**
 * The catalog that the Drizzle schema, the SQL declarations and what the history alone knows stand for together.
 *
 * @param shadow  holds the history, and holds it again afterwards
 */
export async function declaredCatalog(shadow: Session, input: DeclareInput): Promise<Catalog> {
  await shadow.script("begin")
  try {
    await shadow.script(emptied(input.history))
    return await declare(shadow, input)
  } finally {
    await shadow.script("rollback")
  }
}

/**
 * The history steps aside for the time of the transaction: one shadow serves for both catalogs, a second one would cost its boot.
 * Extensions and their schemas go last: PostgreSQL cannot drop an index after the functions of its operator class.
 */
function emptied(history: Catalog): string {
  const objects = [...history.objects.values()]
  const names = (kind: KindName) => objects.filter(object => object.kind === kind).map(object => ident((object.data as { name: string }).name))
  const extensions = objects.filter(object => object.kind === "extension").map(object => object.data as { readonly name: string; readonly schema: string | null })
  const lenders = new Set(extensions.map(({ schema }) => schema))
  const schemas = objects.filter(object => object.kind === "schema").map(object => (object.data as { name: string }).name)
  const drop = (schema: string) => `drop schema if exists ${ident(schema)} cascade`
  const [plain, lending] = [schemas.filter(schema => !lenders.has(schema)), schemas.filter(schema => lenders.has(schema))]
  return [
    ...names("event trigger").map(name => `drop event trigger if exists ${name}`), ...names("publication").map(name => `drop publication if exists ${name}`),
    ...plain.map(drop), ...(objects.length > 0 ? ["drop schema public cascade", "create schema public"] : []), ...lending.map(drop),
    ...names("foreign data wrapper").map(name => `drop foreign data wrapper if exists ${name} cascade`),
    ...extensions.map(({ name }) => `drop extension if exists ${ident(name)} cascade`), "select 1",
  ].join(";\n")
}

async function declare(shadow: Session, { declared, history, sqlFiles, updatedAtTriggers }: DeclareInput): Promise<Catalog> {
  await shadow.script("set check_function_bodies = off")
  const objects = [...history.objects.values()]
  const inherited = objects.filter(object => !SAID.has(object.kind)).flatMap(object => writers[object.kind].create(object, inside(object, objects)))
  const own = [...sqlFiles.map(file => file.text), ...declared.statements]
  const left = (await settle(shadow, [...inherited, ...own])).filter(({ statement }) => own.includes(statement))
  const broken = (await lendExtensions(shadow, left))[0]
  if (broken) throw await cannotBeMade(shadow, broken)
  if (updatedAtTriggers) await settle(shadow, triggerStatements(declared, history))
  if (mayBeUnsaid(history)) await settle(shadow, unsaid(await inspect(shadow.query), history))
  return inspect(shadow.query)
}

/** What a foreign table's CREATE says with it; the other inherited kinds have no such children. */
function inside(table: CatalogObject, objects: readonly CatalogObject[]): readonly CatalogObject[] {
  if (table.kind !== "foreign table") return []
  const columns = objects.filter(object => object.parent === table.id && ["column", "constraint"].includes(object.kind))
  return [...columns, ...objects.filter(object => object.kind === "default" && columns.some(column => column.id === object.parent))]
}

/** For an `updated_at` column that is new here; one that came from elsewhere without a trigger is left alone. */
function triggerStatements(declared: Declared, history: Catalog): string[] {
  const columns = [...history.objects.values()].filter(object => object.kind === "column").map(object => object.data as ColumnData)
  const old = new Set(columns.filter(column => column.name === "updated_at").map(column => qualified(column.table)))
  const fresh = declared.tables.filter(table => table.hasUpdatedAt && !old.has(qualified(table)))
  if (fresh.length === 0) return []
  const make = [...history.objects.values()].some((object: CatalogObject) => object.key === `${FUNCTION}()`) ? [] : [SET_UPDATED_AT]
  return [...make, ...fresh.map(table => {
    return `CREATE TRIGGER ${ident(`${table.name.slice(0, 52)}_updated_at`)} BEFORE UPDATE ON ${qualified(table)} FOR EACH ROW EXECUTE FUNCTION ${FUNCTION}()`
  })]
}
