import { ident } from "../../core/ident.ts"
import { namesIn } from "../../core/names-in.ts"
import type { Session } from "../../core/types.ts"

/**
 * Makes the roles that texts name and the embedded shadow lacks: roles belong to a whole server, so no migration need make them, but GRANT and
 * CREATE POLICY want them there. On a real server none is made: it would stay.
 *
 * @returns whether there was one to make, so that another try may help
 */
export async function lendRoles(shadow: Session, texts: readonly string[]): Promise<boolean> {
  if (!shadow.engine.startsWith("embedded")) return false
  const named = new Set((await Promise.all(texts.map(namesIn))).flatMap(names => names.roles))
  if (named.size === 0) return false
  const there = new Set((await shadow.query<{ name: string }>("select rolname as name from pg_roles")).map(row => row.name))
  const missing = [...named].filter(role => !there.has(role))
  for (const role of missing) await shadow.script(`create role ${ident(role)}`)
  return missing.length > 0
}

/** The same for tablespaces, which the embedded PostgreSQL has room for in its own folder. Outside of a transaction. */
export async function lendTablespaces(shadow: Session, texts: readonly string[]): Promise<boolean> {
  if (!shadow.engine.startsWith("embedded")) return false
  const named = new Set((await Promise.all(texts.map(namesIn))).flatMap(names => names.tablespaces))
  if (named.size === 0) return false
  const there = new Set((await shadow.query<{ name: string }>("select spcname as name from pg_tablespace")).map(row => row.name))
  const missing = [...named].filter(name => !there.has(name))
  for (const name of missing) for (const sql of ["set allow_in_place_tablespaces = on", `create tablespace ${ident(name)} location ''`, "reset allow_in_place_tablespaces"]) await shadow.script(sql)
  return missing.length > 0
}
