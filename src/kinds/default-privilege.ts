import type { CatalogObject } from "../core/catalog.ts"
import { ident } from "../core/ident.ts"
import { inHome } from "./grant.ts"
import { id, type Reader, type Writer, USER_SCHEMA } from "./kind.ts"
import { allowed, change, NONE, rightsText, type Rights } from "./rights.ts"
import { OWNERS } from "./role.ts"

export interface DefaultPrivilegeData {
  /** Whose new objects; `null` for whoever owns the database or runs the migrations. */
  readonly maker: string | null
  /** In which schema: `home`, or `null` for all of them. */
  readonly schema: string | "home" | null
  readonly isHome: boolean
  /** `defaclobjtype`: r tables, S sequences, f functions, T types, n schemas. */
  readonly type: keyof typeof WORDS
  /** `null`: PUBLIC. */
  readonly role: string | null
  readonly rights: Rights
  readonly usual: Rights
}
interface Row extends Omit<DefaultPrivilegeData, "usual"> { readonly oid: string }

export const WORDS = { r: "TABLES", S: "SEQUENCES", f: "FUNCTIONS", T: "TYPES", n: "SCHEMAS" } as const

export const defaultPrivilegeReader: Reader<Row> = {
  query: `
    select d.oid::int8::text as oid, case when d.defaclrole not in ${OWNERS} then pg_get_userbyid(d.defaclrole)::text end as maker, n.nspname as schema, coalesce(n.nspname = $1, false) as "isHome",
      d.defaclobjtype::text as type, g.role, g.rights
    from pg_default_acl d left join pg_namespace n on n.oid = d.defaclnamespace cross join lateral (
      select case when a.grantee <> 0 then pg_get_userbyid(a.grantee)::text end as role, json_build_object('plain', coalesce(json_agg(distinct a.privilege_type) filter (where not a.is_grantable), '[]'),
        'grantable', coalesce(json_agg(distinct a.privilege_type) filter (where a.is_grantable), '[]')) as rights
      from (select grantee, privilege_type, is_grantable from aclexplode(d.defaclacl)
        union all select 0::oid, null, false where d.defaclobjtype in ('f', 'T') and d.defaclnamespace = 0) a
      where a.grantee <> d.defaclrole group by a.grantee) g
    where d.defaclobjtype in ('r', 'S', 'f', 'T', 'n') and (n.oid is null or ${USER_SCHEMA("n")})`,
  read(row) {
    const everybody = row.role === null && row.schema === null
    const usual: Rights = everybody && row.type === "f" ? { plain: ["EXECUTE"], grantable: [] } : everybody && row.type === "T" ? { plain: ["USAGE"], grantable: [] } : NONE
    const data: DefaultPrivilegeData = { ...row, schema: row.isHome ? "home" : row.schema, rights: allowed(row.rights), usual }
    if (rightsText(data.rights) === rightsText(usual)) return []
    const key = `${row.maker === null ? "" : `of ${row.maker} `}${data.schema === null ? "" : `in ${data.schema} `}on ${WORDS[row.type]} to ${row.role ?? "PUBLIC"}`
    const schema = data.schema === null || row.isHome ? [] : [id("schema", data.schema)]
    return [{
      address: `pg_default_acl:${row.oid}:${key}`, needs: [...[row.maker, row.role].flatMap(name => (name === null ? [] : [id("role", name)])), ...schema],
      object: { id: id("default privilege", key), kind: "default privilege", key, parent: null, detail: rightsText(data.rights), data, rank: Number(row.oid) },
    }]
  },
}

function statements(data: DefaultPrivilegeData, want: Rights, have: Rights): string[] {
  const head = `ALTER DEFAULT PRIVILEGES${data.maker === null ? "" : ` FOR ROLE ${ident(data.maker)}`}${data.schema === null ? "" : ` IN SCHEMA ${data.isHome ? "%I" : ident(data.schema)}`}`
  const to = data.role === null ? "PUBLIC" : ident(data.role)
  const said = change(want, have).map(({ verb, list, option }) => (verb === "GRANT"
    ? `${head} GRANT ${list.join(", ")} ON ${WORDS[data.type]} TO ${to}${option ? " WITH GRANT OPTION" : ""}`
    : `${head} REVOKE ${option ? "GRANT OPTION FOR " : ""}${list.join(", ")} ON ${WORDS[data.type]} FROM ${to}`))
  return data.isHome ? said.map(inHome) : said
}

export const defaultPrivilege: Writer<DefaultPrivilegeData> = {
  create: ({ data }) => statements(data, data.rights, data.usual),
  drop: ({ data }) => statements(data, data.usual, data.rights),
  alter: ({ data: want }: CatalogObject<DefaultPrivilegeData>, { data: have }: CatalogObject<DefaultPrivilegeData>) => statements(want, want.rights, have.rights),
}
