import type { Catalog } from "../../core/catalog.ts"
import { ident, literal } from "../../core/ident.ts"
import type { PolicyData } from "../../kinds/policy.ts"

/** Names that PostgreSQL itself understands in a list of roles. */
const WORDS = ["public", "current_user", "current_role", "session_user"]

/**
 * Statements that make the roles which policies name, where the cluster does not have them: roles are not a database's own, so no catalog
 * holds them, and an empty cluster has none.
 */
export function rolesFor(catalog: Catalog): readonly string[] {
  const policies = [...catalog.objects.values()].filter(object => object.kind === "policy").map(object => object.data as PolicyData)
  const names = new Set(policies.flatMap(policy => policy.roles).map(bare).filter(name => !WORDS.includes(name)))
  return [...names].toSorted().map(name => `DO $nself$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = ${literal(name)}) THEN CREATE ROLE ${ident(name)}; END IF;
END $nself$`)
}

/** As `quote_ident` wrote it, without its quotes. */
const bare = (name: string): string => (name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name)
