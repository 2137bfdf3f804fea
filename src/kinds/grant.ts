import type { CatalogObject, KindName, ObjectId } from "../core/catalog.ts"
import { ident } from "../core/ident.ts"
import { HOME, id, KEY, NOT_EXTENSION, NOT_LEDGER, qualified, relationKind, RELATIONS, USER_SCHEMA, type Reader, type Writer } from "./kind.ts"
import { allowed, change, NONE, rightsText, type Rights } from "./rights.ts"
import { OWNERS } from "./role.ts"

export interface GrantData {
  /** `TABLE "np_users"`; `null` for the home schema, whose name is known only where it runs. */
  readonly on: string | null
  /** The column's name in brackets behind every right, or nothing. */
  readonly column: string | null
  /** `null`: PUBLIC. */
  readonly role: string | null
  readonly rights: Rights
  /** What PostgreSQL gives to everybody by itself. */
  readonly usual: Rights
}
interface Row {
  readonly class: string; readonly oid: string; readonly sub: number; readonly key: string; readonly schema: string | null; readonly name: string; readonly kind: string
  readonly args: string | null; readonly column: string | null; readonly role: string | null; readonly rights: Rights
}

/** One family of objects: its access list and the owner in it, who has all rights anyway. */
const LIST = (family: { readonly class: string; readonly row: string; readonly type: string; readonly acl: string; readonly owner: string; readonly key: string; readonly named: string; readonly kind: string; readonly from: string; readonly where: string; readonly args?: string; readonly column?: string; readonly sub?: string }) => `
  select '${family.class}' as class, ${family.row}.oid::int8::text as oid, ${family.sub ?? "0"}::int as sub, ${family.key} as key, ${HOME("n")} as schema, ${family.named}::text as name, ${family.kind}::text as kind,
    ${family.args ?? "null"}::text as args, ${family.column ?? "null"}::text as column, g.role, g.rights
  from ${family.from} cross join lateral (
    select case when a.grantee <> 0 then pg_get_userbyid(a.grantee)::text end as role, json_build_object('plain', coalesce(json_agg(distinct a.privilege_type) filter (where not a.is_grantable), '[]'),
      'grantable', coalesce(json_agg(distinct a.privilege_type) filter (where a.is_grantable), '[]')) as rights
    from (select grantee, privilege_type, bool_or(is_grantable) as is_grantable from (
      select x.grantee, x.privilege_type, x.is_grantable from aclexplode(${family.acl}) x
      -- everybody may use types and call functions unless it was taken from them: then there is an empty list
      ${["f", "T"].includes(family.type) ? "union all select 0::oid, null, false" : ""}) all_of_them group by grantee, privilege_type) a
    where a.grantee <> ${family.owner} and a.grantee not in ${OWNERS} group by a.grantee) g
  where ${family.acl} is not null and ${USER_SCHEMA("n")} and ${family.where}`

const RELATION = `${RELATIONS} c join pg_namespace n on n.oid = c.relnamespace`

export const grantReader: Reader<Row> = {
  query: [
    LIST({ class: "pg_class", row: "c", type: "r", acl: "c.relacl", owner: "c.relowner", key: KEY("n", "c.relname"), named: "c.relname", kind: "c.relkind", from: RELATION,
      where: `c.relkind in ('r', 'p', 'v', 'm', 'f', 'S') and ${NOT_LEDGER("c")} and ${NOT_EXTENSION("pg_class", "c.oid")}
        -- the sequence of an identity goes with its column; a partitioned table depends on itself
        and not (c.relkind = 'S' and exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'i'))` }),
    LIST({ class: "pg_class", row: "c", type: "c", acl: "b.attacl", owner: "c.relowner", key: KEY("n", "c.relname"), named: "c.relname", kind: "c.relkind", column: "b.attname", sub: "b.attnum",
      from: `pg_attribute b join ${RELATIONS} c on c.oid = b.attrelid join pg_namespace n on n.oid = c.relnamespace`,
      where: `b.attnum > 0 and not b.attisdropped and ${NOT_LEDGER("c")} and ${NOT_EXTENSION("pg_class", "c.oid")}` }),
    LIST({ class: "pg_proc", row: "p", type: "f", acl: "p.proacl", owner: "p.proowner", key: KEY("n", "p.proname"), named: "p.proname", kind: "'f' || p.prokind", args: "pg_get_function_identity_arguments(p.oid)",
      from: "pg_proc p join pg_namespace n on n.oid = p.pronamespace", where: `${NOT_EXTENSION("pg_proc", "p.oid")}
        and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'i')` }),
    LIST({ class: "pg_type", row: "t", type: "T", acl: "t.typacl", owner: "t.typowner", key: KEY("n", "t.typname"), named: "t.typname", kind: "'t' || t.typtype",
      from: "pg_type t join pg_namespace n on n.oid = t.typnamespace", where: `(t.typtype in ('e', 'd', 'r') or t.typtype = 'c' and exists (select from pg_class tc where tc.oid = t.typrelid and tc.relkind = 'c')) and ${NOT_EXTENSION("pg_type", "t.oid")}` }),
    LIST({ class: "pg_namespace", row: "n", type: "n", acl: "n.nspacl", owner: "n.nspowner", key: "n.nspname", named: "n.nspname", kind: "'n'", from: "pg_namespace n",
      where: `(n.nspname <> 'public' or g.role is not null) and ${NOT_EXTENSION("pg_namespace", "n.oid")}` }),
  ].join("\n  union all"),
  read(row) {
    const { parent, on, key } = bearer(row)
    const usual = row.role !== null ? NONE : row.class === "pg_proc" ? { plain: ["EXECUTE"], grantable: [] } : row.class === "pg_type" ? { plain: ["USAGE"], grantable: [] } : NONE
    const data: GrantData = { on, column: row.column, role: row.role, rights: allowed(row.rights), usual }
    if (rightsText(data.rights) === rightsText(usual)) return []
    const to = `${key} to ${row.role ?? "PUBLIC"}`
    const needs: ObjectId[] = [...(row.role === null ? [] : [id("role", row.role)]), ...(row.column === null ? [] : [id("grant", `${bearer({ ...row, column: null }).key} to ${row.role ?? "PUBLIC"}`)])]
    return [{
      address: `grant:${row.oid}:${row.sub} ${to}`, needs,
      object: { id: id("grant", to), kind: "grant", key: to, parent, detail: rightsText(data.rights), data, rank: Number(row.oid) },
    }]
  },
}

const TYPES: Readonly<Record<string, KindName>> = { te: "enum", td: "domain", tr: "range type", tc: "composite type" }

/** Who bears the rights, and how GRANT names it. */
function bearer(row: Row): { readonly parent: ObjectId | null; readonly on: string | null; readonly key: string } {
  if (row.class === "pg_namespace") return row.schema === null ? { parent: null, on: null, key: "schema home" } : { parent: row.name === "public" ? null : id("schema", row.name), on: `SCHEMA ${ident(row.name)}`, key: `schema ${row.key}` }
  const name = qualified(row)
  if (row.class === "pg_proc") {
    const key = `${row.key}(${row.args})`
    return { parent: id(row.kind === "fa" ? "aggregate" : "function", key), on: `${row.kind === "fp" ? "PROCEDURE" : "FUNCTION"} ${name}(${row.args})`, key: `function ${key}` }
  }
  if (row.class === "pg_type") return { parent: id(TYPES[row.kind]!, row.key), on: `TYPE ${name}`, key: `type ${row.key}` }
  if (row.kind === "S") return { parent: id("sequence", row.key), on: `SEQUENCE ${name}`, key: `sequence ${row.key}` }
  const kind = relationKind(row.kind)
  if (row.column === null) return { parent: id(kind, row.key), on: `TABLE ${name}`, key: `table ${row.key}` }
  return { parent: kind === "table" || kind === "foreign table" ? id("column", `${row.key}.${row.column}`) : id(kind, row.key), on: `TABLE ${name}`, key: `column ${row.key}.${row.column}` }
}

/** GRANT and REVOKE that make one list of rights of another. */
function statements(data: GrantData, want: Rights, have: Rights): string[] {
  const to = data.role === null ? "PUBLIC" : ident(data.role)
  const rights = (list: readonly string[]) => (data.column === null ? list.join(", ") : list.map(right => `${right} (${ident(data.column!)})`).join(", "))
  const said = change(want, have).map(({ verb, list, option }) => (verb === "GRANT"
    ? `GRANT ${rights(list)} ON ${data.on ?? "SCHEMA %I"} TO ${to}${option ? " WITH GRANT OPTION" : ""}`
    : `REVOKE ${option ? "GRANT OPTION FOR " : ""}${rights(list)} ON ${data.on ?? "SCHEMA %I"} FROM ${to}`))
  return data.on === null ? said.map(inHome) : said
}

/** A statement about the home schema, whatever its name is there; `%I` stands for it. */
export const inHome = (statement: string): string => `DO $home$ BEGIN EXECUTE format($said$${statement}$said$, current_schema()); END $home$`

export const grant: Writer<GrantData> = {
  create: ({ data }) => statements(data, data.rights, data.usual),
  drop: ({ data }) => statements(data, data.usual, data.rights),
  alter: ({ data: want }: CatalogObject<GrantData>, { data: have }: CatalogObject<GrantData>) => statements(want, want.rights, have.rights),
}
