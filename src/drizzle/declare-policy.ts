import type { SQL } from "drizzle-orm"
import type { PgPolicy, PgRole } from "drizzle-orm/pg-core"
import { literal } from "../core/ident.ts"
import type { Writer } from "./writer.ts"

/** Words that PostgreSQL reads as "whoever it is", never as a role's name. */
const NOT_ROLES = ["public", "current_role", "current_user", "session_user"]

/** `CREATE POLICY … ON … AS … FOR … TO … USING (…) WITH CHECK (…);` */
export function policyDdl(w: Writer, policy: PgPolicy, table: { schema: string | undefined; name: string }): string {
  const roles = policyRoles(w, policy)
  return [
    `CREATE POLICY ${w.names.quote(policy.name)} ON ${w.names.full(table.schema, table.name)}`,
    policy.as ? `AS ${policy.as.toUpperCase()}` : "",
    policy.for ? `FOR ${policy.for.toUpperCase()}` : "",
    roles.length > 0 ? `TO ${roles.map(role => (NOT_ROLES.includes(role) ? role.toUpperCase() : w.names.quote(role))).join(", ")}` : "",
    policy.using ? `USING (${w.sql(policy.using as SQL, "qualified")})` : "",
    policy.withCheck ? `WITH CHECK (${w.sql(policy.withCheck as SQL, "qualified")})` : "",
  ].filter(part => part !== "").join(" ") + ";"
}

/** The names after TO, in the order said. */
function policyRoles(w: Writer, policy: PgPolicy): string[] {
  const said: unknown[] = policy.to === undefined ? [] : Array.isArray(policy.to) ? policy.to : [policy.to]
  return said.map(role => (typeof role === "string" ? role : (role as PgRole).name)).filter(name => w.names.keep(name) !== "")
}

/** The real roles that a policy names: they must be there before it. */
export function rolesOfPolicy(w: Writer, policy: PgPolicy): string[] {
  return policyRoles(w, policy).filter(role => !NOT_ROLES.includes(role))
}

/** CREATE ROLE only where there is none: roles belong to the whole server, not to one database. */
export function roleDdl(w: Writer, role: { name: string; createDb?: boolean; createRole?: boolean; inherit?: boolean }): string {
  const options = [role.createDb ? "CREATEDB" : "", role.createRole ? "CREATEROLE" : "", role.inherit === false ? "NOINHERIT" : ""]
  const create = ["CREATE ROLE", w.names.quote(role.name), ...options.filter(word => word !== "")].join(" ")
  const body = `BEGIN IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = ${literal(w.names.keep(role.name))}) THEN ${create}; END IF; END`
  return `DO ${dollars(body)};`
}

/** A body in dollar quotes that its own text cannot close. */
function dollars(body: string): string {
  let tag = "$nself$"
  for (let n = 1; body.includes(tag); n++) tag = `$nself${n}$`
  return `${tag} ${body} ${tag}`
}
