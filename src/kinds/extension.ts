import type { Catalog, CatalogObject, Change } from "../core/catalog.ts"
import { PLATFORM } from "../core/platform.ts"
import { ident, literal } from "../core/ident.ts"
import { id, HOME, type Reader, type Writer } from "./kind.ts"

/** The version is no part of the detail: the embedded PostgreSQL carries others than a server, and that is nobody's drift. */
export interface ExtensionData { readonly name: string; readonly schema: string | null; readonly version: string }
interface Row extends ExtensionData { readonly oid: string }

export const extensionReader: Reader<Row> = {
  query: `
    select e.oid::int8::text as oid, e.extname as name, ${HOME("n")} as schema, e.extversion as version
    from pg_extension e join pg_namespace n on n.oid = e.extnamespace
    where e.extname not in ('plpgsql', '${PLATFORM}')`,
  read: row => [{
    address: `pg_extension:${row.oid}:0`,
    object: { id: id("extension", row.name), kind: "extension", key: row.name, parent: null, detail: `in ${row.schema ?? "home"}`, data: row, rank: Number(row.oid) },
  }],
}

export const extension: Writer<ExtensionData> = {
  create: ({ data }) => [`CREATE EXTENSION IF NOT EXISTS ${ident(data.name)}${data.schema === null ? "" : ` SCHEMA ${ident(data.schema)}`}`],
  drop: ({ data }) => [`DROP EXTENSION ${ident(data.name)}`],
}

/** What a server can do with the extensions of a database: the versions that ALTER EXTENSION … UPDATE TO reaches from the one it has, and its usual one. */
export interface Reach { readonly name: string; readonly reachable: readonly string[]; readonly usual: string | null }

export const REACH = `
  select e.extname as name, a.default_version as usual,
    case when a.name is null then '[]'::json else coalesce((select json_agg(p.target) from pg_extension_update_paths(e.extname) p where p.source = e.extversion and p.path is not null), '[]') end as reachable
  from pg_extension e left join pg_available_extensions a on a.name = e.extname where e.extname <> 'plpgsql'`

/** The versions that a database has, by the extensions' names. */
export const versionsOf = (catalog: Catalog): ReadonlyMap<string, string> =>
  new Map([...catalog.objects.values()].filter(object => object.kind === "extension").map(({ data }) => [(data as ExtensionData).name, (data as ExtensionData).version]))

export interface VersionChanges { readonly changed: readonly Change[]; readonly sql: readonly string[]; readonly notes: readonly string[] }

/**
 * Extensions that are there in another version than wanted: of a second database, or one that a migration names. Never of a shadow against a server,
 * whose versions are its own.
 *
 * @returns changes with the version in their detail; the statements, where the server has a way to that version, else a note that it has none
 */
export function versionChanges(wanted: ReadonlyMap<string, string>, have: Catalog, reach: readonly Reach[]): VersionChanges {
  const extensions = [...have.objects.values()].filter(object => object.kind === "extension") as CatalogObject<ExtensionData>[]
  const other = extensions.filter(({ data }) => wanted.has(data.name) && wanted.get(data.name) !== data.version)
  const said = (object: CatalogObject<ExtensionData>, version: string): CatalogObject => ({ ...object, detail: `version ${version}${object.data.schema === null ? "" : `, in ${object.data.schema}`}`, data: { ...object.data, version } })
  const hasWay = ({ data }: CatalogObject<ExtensionData>) => reach.some(one => one.name === data.name && one.reachable.includes(wanted.get(data.name)!))
  return {
    changed: other.map(object => ({ want: said(object, wanted.get(object.data.name)!), have: said(object, object.data.version) })),
    sql: other.filter(hasWay).map(({ data }) => `ALTER EXTENSION ${ident(data.name)} UPDATE TO ${literal(wanted.get(data.name)!)}`),
    notes: other.filter(object => !hasWay(object)).map(({ data }) => `extension ${data.name} is at version ${data.version}, and this server has no way to version ${wanted.get(data.name)}`),
  }
}

/** Extensions that nobody brought to the version that their server has by now. */
export function outdatedNotes(named: ReadonlyMap<string, string>, have: Catalog, reach: readonly Reach[]): string[] {
  return [...versionsOf(have)].flatMap(([name, version]) => {
    const usual = reach.find(one => one.name === name && one.reachable.includes(one.usual ?? ""))?.usual
    return usual && usual !== version && !named.has(name) ? [`extension ${name} is at version ${version}, this server has ${usual}: ALTER EXTENSION ${ident(name)} UPDATE`] : []
  })
}
