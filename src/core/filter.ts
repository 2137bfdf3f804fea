import { EMPTY, type Catalog, type CatalogObject } from "./catalog.ts"
import { partOf } from "./part.ts"
import { rootOf } from "./prune.ts"

/** What is looked at and what is left to others; every list as it stands in the config. */
export interface Filter {
  /** Names or globs of schemas; `null`: all. */
  readonly schemas: readonly string[] | null
  /** Names or globs of tables and views, `!` in front of what is not meant; `null`: all. */
  readonly tables: readonly string[] | null
  /** Schemas, tables, or `kind:name`, each a name or a glob. */
  readonly ignore: readonly string[]
}

/** How many objects (a table counts as one) each reason left out. */
export type Ignored = Readonly<Record<string, number>>

const RELATIONS: readonly string[] = ["table", "view", "materialized view", "foreign table"]

/** Makes the question "who leaves this object out?": the pattern or the filter that does, or `null`. */
export function leaverOf(filter: Filter, home: string): (catalog: Catalog, object: CatalogObject) => string | null {
  const schemas = filter.schemas === null ? null : filter.schemas.map(matcher)
  const tables = filter.tables === null ? null : [filter.tables.filter(one => !one.startsWith("!")).map(matcher), filter.tables.filter(one => one.startsWith("!")).map(one => matcher(one.slice(1)))] as const
  const ignore = filter.ignore.map(pattern => ({ pattern, matches: ignores(pattern, home) }))
  return (catalog, object) => {
    const root = rootOf(catalog, object)
    const [schema, name] = placeOf(root, home)
    const pattern = ignore.find(one => one.matches(object, schema, name))
    if (pattern) return pattern.pattern
    if (schemas && schema !== null && !schemas.some(matches => matches(schema))) return "schemaFilter"
    if (!tables || !RELATIONS.includes(root.kind)) return null
    const [yes, no] = tables
    return no.some(matches => matches(name)) || (yes.length > 0 && !yes.some(matches => matches(name))) ? "tablesFilter" : null
  }
}

/** Makes the question "is this table left to others?" where nothing but its name is known. */
export function tableLeaverOf(filter: Filter, home: string): (table: { readonly schema: string; readonly name: string }) => boolean {
  const leaver = leaverOf(filter, home)
  return ({ schema, name }) => {
    const key = schema === home ? name : `${schema}.${name}`
    return leaver(EMPTY, { id: `table:${key}`, kind: "table", key, parent: null, detail: "", data: { schema, name }, rank: 0 }) !== null
  }
}

/** Schema and bare name of an object that hangs on nothing; the schema is `null` for what lives outside of schemas (an extension). */
function placeOf({ kind, key, data }: CatalogObject, home: string): readonly [string | null, string] {
  const { schema, name } = data as { readonly schema?: string | null; readonly name?: string }
  if (kind === "schema") return [name ?? key, ""]
  if (schema === undefined || kind === "extension") return [null, name ?? key]
  return [schema ?? home, name ?? key]
}

/** `hdb_catalog`, `cron.*`, `public.tmp_*`, `tmp_*`, `trigger:np_users.audit_*`. */
function ignores(pattern: string, home: string): (object: CatalogObject, schema: string | null, name: string) => boolean {
  const kind = /^([a-z][a-z ]*):(.+)$/.exec(pattern)
  if (kind) {
    const matches = matcher(kind[2]!)
    return object => object.kind === kind[1] && matches(object.key.replaceAll('"', ""))
  }
  const matches = matcher(pattern)
  return (_, schema, name) => (schema !== null && (matches(schema) || matches(`${schema}.${name}`))) || ((schema === home || schema === null) && name !== "" && matches(name))
}

const matcher = (pattern: string): ((text: string) => boolean) => {
  const glob = new Bun.Glob(pattern)
  return text => glob.match(text)
}

/** A catalog without some schemas and all that is in them. */
export function withoutSchemas(catalog: Catalog, home: string, schemas: ReadonlySet<string>): Catalog {
  if (schemas.size === 0) return catalog
  return partOf(catalog, (_, object) => {
    const [schema] = placeOf(rootOf(catalog, object), home)
    return schema === null || !schemas.has(schema)
  })
}

/** Two catalogs without what the filter leaves to others, and how much that was. */
export function filtered(filter: Filter, home: string, catalogs: readonly Catalog[]): { readonly catalogs: readonly Catalog[]; readonly ignored: Ignored } {
  const leaver = leaverOf(filter, home)
  const ignored = new Map<string, Set<string>>()
  const rest = catalogs.map(catalog => partOf(catalog, (_, object) => {
    const why = leaver(catalog, object)
    if (why !== null) ignored.set(why, (ignored.get(why) ?? new Set()).add(rootOf(catalog, object).id))
    return why === null
  }))
  return { catalogs: rest, ignored: Object.fromEntries([...ignored].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([why, roots]) => [why, roots.size])) }
}
