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

/**
 * Extensions that both databases have in different versions. For two databases on servers; never for a shadow against a server, whose versions
 * are its own.
 *
 * @returns changes with the version in their detail, and the statements that bring `have` to the versions of `want`
 */
export function versionChanges(want: Catalog, have: Catalog): { readonly changed: readonly Change[]; readonly sql: readonly string[] } {
  const pairs = [...want.objects.values()].flatMap(object => {
    const other = have.objects.get(object.id)
    return object.kind === "extension" && other ? [{ want: object as CatalogObject<ExtensionData>, have: other as CatalogObject<ExtensionData> }] : []
  }).filter(pair => pair.want.data.version !== pair.have.data.version)
  const said = (object: CatalogObject<ExtensionData>): CatalogObject => ({ ...object, detail: `${object.detail} version ${object.data.version}` })
  return { changed: pairs.map(pair => ({ want: said(pair.want), have: said(pair.have) })), sql: pairs.map(({ want: { data } }) => `ALTER EXTENSION ${ident(data.name)} UPDATE TO ${literal(data.version)}`) }
}
