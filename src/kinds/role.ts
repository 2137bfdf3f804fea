import { ident, literal } from "../core/ident.ts"
import { id, RELATIONS, type Reader, type Writer } from "./kind.ts"

/**
 * A role that something in this database refers to. Roles belong to the whole server, so only that they are there is compared: what they may
 * besides is decided elsewhere, and none is ever dropped.
 */
export interface RoleData { readonly name: string; readonly attributes: readonly string[] }
interface Row extends RoleData { readonly oid: string }

/** The one who owns the database, and who is asking: both have all rights anyway. */
export const OWNERS = "(select d.datdba from pg_database d where d.datname = current_database() union select o.oid from pg_roles o where o.rolname = current_user)"
/** The roles in an access list, without its owner. */
const GRANTEES = (acl: string, owner: string, from: string) => `select a.grantee from ${from} cross join lateral aclexplode(${acl}) a where ${acl} is not null and a.grantee <> ${owner}`

export const roleReader: Reader<Row> = {
  query: `
    select r.oid::int8::text as oid, r.rolname as name, array_to_json(array_remove(array[case when r.rolcanlogin then 'LOGIN' end, case when not r.rolinherit then 'NOINHERIT' end,
      case when r.rolcreatedb then 'CREATEDB' end, case when r.rolcreaterole then 'CREATEROLE' end, case when r.rolbypassrls then 'BYPASSRLS' end], null)) as attributes
    from pg_roles r where r.rolname !~ '^pg_' and r.oid not in ${OWNERS} and r.oid in (
      select unnest(p.polroles) from pg_policy p
      union ${GRANTEES("c.relacl", "c.relowner", `${RELATIONS} c`)} union ${GRANTEES("n.nspacl", "n.nspowner", "pg_namespace n")}
      union ${GRANTEES("p.proacl", "p.proowner", "pg_proc p")} union ${GRANTEES("t.typacl", "t.typowner", "pg_type t")}
      union ${GRANTEES("f.fdwacl", "f.fdwowner", "pg_foreign_data_wrapper f")} union ${GRANTEES("s.srvacl", "s.srvowner", "pg_foreign_server s")}
      union ${GRANTEES("b.attacl", "c.relowner", `pg_attribute b join ${RELATIONS} c on c.oid = b.attrelid`)}
      union ${GRANTEES("d.defaclacl", "d.defaclrole", "pg_default_acl d")} union select d.defaclrole from pg_default_acl d
      union select u.umuser from pg_user_mappings u)`,
  read: row => [{ address: `pg_authid:${row.oid}:0`, object: { id: id("role", row.name), kind: "role", key: row.name, parent: null, detail: "role", data: row, rank: 0 } }],
}

export const role: Writer<RoleData> = {
  create({ data }) {
    const make = ["CREATE ROLE", ident(data.name), ...data.attributes].join(" ")
    return [`DO $role$ BEGIN\n  IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = ${literal(data.name)}) THEN ${make}; END IF;\nEND $role$`]
  },
  drop: () => [],
}
