import type { CatalogObject } from "../core/catalog.ts"
import { ident, literal } from "../core/ident.ts"
import { commented, id, NAMED, NOT_EXTENSION, type Reader, type Writer } from "./kind.ts"

/** `name=value` as PostgreSQL keeps them. */
export type ForeignOptions = readonly string[]
interface Optioned { readonly name: string; readonly options: ForeignOptions }
export interface WrapperData extends Optioned { readonly handler: string | null; readonly validator: string | null }
export interface ServerData extends Optioned { readonly wrapper: string; readonly type: string | null; readonly version: string | null }
export interface MappingData { readonly server: string; /** `null`: PUBLIC. */ readonly role: string | null; readonly options: ForeignOptions }
type Row<D> = D & { readonly oid: string; readonly comment: string | null }

const split = (option: string): [string, string] => [option.slice(0, option.indexOf("=")), option.slice(option.indexOf("=") + 1)]
export const optionList = (options: ForeignOptions): string => options.map(split).map(([name, value]) => `${ident(name)} ${literal(value)}`).join(", ")
export const optionClause = (options: ForeignOptions): string => (options.length === 0 ? "" : ` OPTIONS (${optionList(options)})`)

/** `OPTIONS (ADD …, SET …, DROP …)` that makes one list of the other, with a space in front; nothing where they are alike. */
export function optionChange(want: ForeignOptions, have: ForeignOptions): string {
  const [wanted, present] = [new Map(want.map(split)), new Map(have.map(split))]
  const parts = [
    ...[...present.keys()].filter(name => !wanted.has(name)).map(name => `DROP ${ident(name)}`),
    ...[...wanted].filter(([name, value]) => present.get(name) !== value).map(([name, value]) => `${present.has(name) ? "SET" : "ADD"} ${ident(name)} ${literal(value)}`),
  ]
  return parts.length === 0 ? "" : ` OPTIONS (${parts.join(", ")})`
}

/** What people keep secret is not read: it would stand in migrations, reports and JSON. */
const PUBLIC_OPTIONS = (column: string) =>
  `coalesce((select json_agg(o order by o) from unnest(${column}) o where split_part(o, '=', 1) !~* '(pass|secret|token|key|credential)'), '[]')`

export const wrapperReader: Reader<Row<WrapperData>> = {
  query: `
    select w.oid::int8::text as oid, w.fdwname as name, coalesce(to_json(w.fdwoptions), '[]') as options,
      (select ${NAMED("n", "p.proname")} from pg_proc p join pg_namespace n on n.oid = p.pronamespace where p.oid = w.fdwhandler) as handler,
      (select ${NAMED("n", "p.proname")} from pg_proc p join pg_namespace n on n.oid = p.pronamespace where p.oid = w.fdwvalidator) as validator,
      obj_description(w.oid, 'pg_foreign_data_wrapper') as comment
    from pg_foreign_data_wrapper w where ${NOT_EXTENSION("pg_foreign_data_wrapper", "w.oid")}`,
  read: row => commented({
    address: `pg_foreign_data_wrapper:${row.oid}:0`,
    object: { id: id("foreign data wrapper", row.name), kind: "foreign data wrapper", key: row.name, parent: null, detail: wrapperClause(row), data: row, rank: Number(row.oid) },
  }, `FOREIGN DATA WRAPPER ${ident(row.name)}`, row.comment),
}

export const serverReader: Reader<Row<ServerData>> = {
  query: `
    select s.oid::int8::text as oid, s.srvname as name, s.srvtype as type, s.srvversion as version, w.fdwname as wrapper, ${PUBLIC_OPTIONS("s.srvoptions")} as options,
      obj_description(s.oid, 'pg_foreign_server') as comment
    from pg_foreign_server s join pg_foreign_data_wrapper w on w.oid = s.srvfdw where ${NOT_EXTENSION("pg_foreign_server", "s.oid")}`,
  read: row => commented({
    address: `pg_foreign_server:${row.oid}:0`,
    object: { id: id("server", row.name), kind: "server", key: row.name, parent: null, detail: serverClause(row), data: row, rank: Number(row.oid) },
  }, `SERVER ${ident(row.name)}`, row.comment),
}

export const mappingReader: Reader<Row<MappingData>> = {
  query: `
    select u.umid::int8::text as oid, u.srvname as server, case when u.umuser <> 0 then u.usename end as role, ${PUBLIC_OPTIONS("u.umoptions")} as options, null as comment
    from pg_user_mappings u`,
  read(row) {
    const key = `${row.server} for ${row.role ?? "PUBLIC"}`
    return [{
      address: `pg_user_mapping:${row.oid}:0`, needs: row.role === null ? [] : [id("role", row.role)],
      object: { id: id("user mapping", key), kind: "user mapping", key, parent: null, detail: `user mapping${optionClause(row.options)}`, data: row, rank: Number(row.oid) },
    }]
  },
}

const wrapperClause = (data: WrapperData) =>
  `${data.handler === null ? "NO HANDLER" : `HANDLER ${data.handler}`} ${data.validator === null ? "NO VALIDATOR" : `VALIDATOR ${data.validator}`}${optionClause(data.options)}`

export const wrapper: Writer<WrapperData> = {
  create: ({ data }) => [`CREATE FOREIGN DATA WRAPPER ${ident(data.name)} ${wrapperClause(data)}`],
  drop: ({ data }) => [`DROP FOREIGN DATA WRAPPER ${ident(data.name)}`],
  alter: (want, have) => [`ALTER FOREIGN DATA WRAPPER ${ident(want.data.name)} ${wrapperClause({ ...want.data, options: [] })}${optionChange(want.data.options, have.data.options)}`],
  rename: (have, want) => `ALTER FOREIGN DATA WRAPPER ${ident(have.data.name)} RENAME TO ${ident(want.data.name)}`,
}

const serverClause = (data: ServerData) =>
  `${data.type === null ? "" : `TYPE ${literal(data.type)} `}${data.version === null ? "" : `VERSION ${literal(data.version)} `}FOREIGN DATA WRAPPER ${ident(data.wrapper)}${optionClause(data.options)}`

function alterServer({ data: w }: CatalogObject<ServerData>, { data: h }: CatalogObject<ServerData>): string[] | null {
  if (w.type !== h.type || w.wrapper !== h.wrapper || (w.version === null && h.version !== null)) return null
  return [`ALTER SERVER ${ident(w.name)}${w.version === h.version ? "" : ` VERSION ${literal(w.version!)}`}${optionChange(w.options, h.options)}`]
}

export const server: Writer<ServerData> = {
  create: ({ data }) => [`CREATE SERVER ${ident(data.name)} ${serverClause(data)}`],
  drop: ({ data }) => [`DROP SERVER ${ident(data.name)}`],
  alter: alterServer,
  rename: (have, want) => `ALTER SERVER ${ident(have.data.name)} RENAME TO ${ident(want.data.name)}`,
}

const mappingOf = (data: MappingData) => `USER MAPPING FOR ${data.role === null ? "PUBLIC" : ident(data.role)} SERVER ${ident(data.server)}`

export const mapping: Writer<MappingData> = {
  create: ({ data }) => [`CREATE ${mappingOf(data)}${optionClause(data.options)}`],
  drop: ({ data }) => [`DROP ${mappingOf(data)}`],
  alter: (want, have) => [`ALTER ${mappingOf(want.data)}${optionChange(want.data.options, have.data.options)}`],
}
