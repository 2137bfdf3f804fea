import { ident } from "../core/ident.ts"
import { commented, HOME, id, KEY, qualified, RELATIONS, USER_SCHEMA, type Named, type Reader, type Writer } from "./kind.ts"

export interface PolicyData {
  readonly table: Named
  readonly name: string
  readonly permissive: boolean
  /** `polcmd`: r select, a insert, w update, d delete, * all. */
  readonly command: string
  readonly roles: readonly string[]
  readonly using: string | null
  readonly check: string | null
}
interface Row extends Omit<PolicyData, "table"> {
  readonly oid: string; readonly tableKey: string; readonly schema: string | null; readonly table: string; readonly comment: string | null; readonly roleNames: readonly string[]
}

export const policyReader: Reader<Row> = {
  query: `
    select p.oid::int8::text as oid, ${KEY("n", "c.relname")} as "tableKey", ${HOME("n")} as schema, c.relname as table, p.polname as name, p.polpermissive as permissive, p.polcmd as command,
      (select json_agg(case when r.oid = 0 then 'public' else quote_ident(a.rolname) end order by a.rolname) from unnest(p.polroles) r(oid) left join pg_roles a on a.oid = r.oid) as roles,
      coalesce((select json_agg(a.rolname) from pg_roles a where a.oid = any (p.polroles)), '[]') as "roleNames",
      pg_get_expr(p.polqual, p.polrelid, true) as using, pg_get_expr(p.polwithcheck, p.polrelid, true) as check, obj_description(p.oid, 'pg_policy') as comment
    from pg_policy p join ${RELATIONS} c on c.oid = p.polrelid join pg_namespace n on n.oid = c.relnamespace
    where ${USER_SCHEMA("n")}`,
  read(row) {
    const data: PolicyData = { ...row, table: { schema: row.schema, name: row.table } }
    const key = `${row.tableKey}.${row.name}`
    return commented({
      address: `pg_policy:${row.oid}:0`, needs: row.roleNames.map(name => id("role", name)),
      object: { id: id("policy", key), kind: "policy", key, parent: id("table", row.tableKey), detail: clause(data), data, rank: Number(row.oid) },
    }, `POLICY ${ident(row.name)} ON ${qualified(data.table)}`, row.comment)
  },
}

const COMMAND: Record<string, string> = { r: "SELECT", a: "INSERT", w: "UPDATE", d: "DELETE", "*": "ALL" }
const clause = (data: PolicyData): string =>
  `AS ${data.permissive ? "PERMISSIVE" : "RESTRICTIVE"} FOR ${COMMAND[data.command]} TO ${data.roles.join(", ")}`
  + (data.using === null ? "" : `\n  USING (${data.using})`) + (data.check === null ? "" : `\n  WITH CHECK (${data.check})`)

export const policy: Writer<PolicyData> = {
  create: ({ data }) => [`CREATE POLICY ${ident(data.name)} ON ${qualified(data.table)} ${clause(data)}`],
  drop: ({ data }) => [`DROP POLICY ${ident(data.name)} ON ${qualified(data.table)}`],
  rename: (have, want) => `ALTER POLICY ${ident(have.data.name)} ON ${qualified(have.data.table)} RENAME TO ${ident(want.data.name)}`,
}
