import type { Catalog, CatalogObject, KindName, ObjectId } from "../core/catalog.ts"
import { ident } from "../core/ident.ts"
import type { DefaultPrivilegeData } from "./default-privilege.ts"
import type { GrantData } from "./grant.ts"
import { qualified, type Named } from "./kind.ts"
import { change, isSuperset, NONE, rightsText } from "./rights.ts"

const TYPE: Readonly<Partial<Record<KindName, DefaultPrivilegeData["type"]>>> = {
  table: "r", "foreign table": "r", view: "r", "materialized view": "r", sequence: "S", function: "f", aggregate: "f", enum: "T", domain: "T", "composite type": "T", "range type": "T", schema: "n",
}
const WORD: Readonly<Record<string, string>> = { r: "TABLE", S: "SEQUENCE", f: "ROUTINE", T: "TYPE", n: "SCHEMA" }

/**
 * A new object gets what ALTER DEFAULT PRIVILEGES says at that moment; what the wanted catalog does not have so is set right here.
 *
 * @param active  default privileges that are there in the meantime
 */
export function setRight(object: CatalogObject, want: Catalog, active: readonly CatalogObject<DefaultPrivilegeData>[]): string[] {
  const type = TYPE[object.kind]
  const data = object.data as Named & { readonly args?: string }
  const fits = active.filter(({ data: one }) => one.maker === null && one.type === type && (one.schema === null || (one.isHome ? data.schema === null : one.schema === data.schema)))
  const given = (role: string | null) => ([...want.objects.values()].find(other => other.kind === "grant" && other.parent === object.id
    && (other.data as GrantData).column === null && (other.data as GrantData).role === role)?.data as GrantData | undefined)?.rights
  return fits.flatMap(({ data: one }) => {
    const wanted = given(one.role) ?? one.usual
    if (rightsText(wanted) === rightsText(one.rights) || (rightsText(one.usual) === rightsText(NONE) && isSuperset(wanted, one.rights))) return []
    const on = `ON ${WORD[type!]} ${type === "n" ? ident(object.key) : qualified(data)}${type === "f" ? `(${data.args})` : ""}`
    const role = one.role === null ? "PUBLIC" : ident(one.role)
    return change(one.usual, one.rights).map(({ verb, list }) => (verb === "GRANT" ? `GRANT ${list.join(", ")} ${on} TO ${role}` : `REVOKE ${list.join(", ")} ${on} FROM ${role}`))
  })
}

/** Default privileges that are there until all else is done. */
export const activePrivileges = (have: Catalog, drop: ReadonlySet<ObjectId>): readonly CatalogObject<DefaultPrivilegeData>[] =>
  [...have.objects.values()].filter(object => object.kind === "default privilege" && !drop.has(object.id)) as CatalogObject<DefaultPrivilegeData>[]
