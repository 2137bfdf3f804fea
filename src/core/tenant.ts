import { Fault } from "./fault.ts"
import { closest } from "./closest.ts"

/** One tenant: a schema in the project's database, or in a database of its own. */
export interface Tenant {
  /** What people call it: `acme-corp`. */
  readonly slug: string
  /** Its home schema, as PostgreSQL spells it; never spliced into SQL without `ident`. */
  readonly schema: string
  /** Where it lives when that is not the project's database. It may hold a password. */
  readonly url: string | null
  /** As its registry says, for example `active`, `suspended`; `null` where there is none. */
  readonly status: string | null
}

/** What was asked for: all tenants, or the ones with these slugs. */
export type Selection = { readonly all: true } | { readonly all: false; readonly slugs: readonly string[] }

/** The selection that `--all-tenants` and `--tenant` stand for; `null` when neither was given. Throws `usage` when both were. */
export function selectionOf(all: boolean, slugs: readonly string[]): Selection | null {
  if (all && slugs.length > 0) throw new Fault("usage", "--all-tenants and --tenant exclude each other", "--tenant acme-corp, or --all-tenants")
  const empty = slugs.find(slug => slug.trim() === "")
  if (empty !== undefined) throw new Fault("usage", "`--tenant` needs a slug", "nself db tenant list")
  return all ? { all: true } : slugs.length > 0 ? { all: false, slugs } : null
}

export interface Selected {
  readonly tenants: readonly Tenant[]
  /** Left out because of their status. */
  readonly left: readonly Tenant[]
}

/**
 * The tenants a selection means. A slug is compared, never read as a pattern: it, its schema, or, where schemas are named after slugs, the
 * slug with `_` for `-`. All means all but those whose status is in `skip`; a tenant that was named is taken whatever its status.
 *
 * Throws a `usage` fault for a slug that no tenant has, with the one that was probably meant.
 */
export function select(tenants: readonly Tenant[], selection: Selection, skip: readonly string[]): Selected {
  if (!selection.all) return { tenants: [...new Set(selection.slugs.flatMap(slug => named(tenants, slug)))], left: [] }
  const isLeft = ({ status }: Tenant): boolean => status !== null && skip.includes(status)
  return { tenants: tenants.filter(one => !isLeft(one)), left: tenants.filter(isLeft) }
}

function named(tenants: readonly Tenant[], slug: string): readonly Tenant[] {
  const under = slug.replaceAll("-", "_")
  const found = [(one: Tenant) => one.slug === slug, (one: Tenant) => one.schema === slug, (one: Tenant) => one.slug === under]
    .map(fits => tenants.filter(fits)).find(all => all.length > 0)
  if (found) return found
  const near = closest(slug, tenants.map(one => one.slug))
  throw new Fault("usage", `there is no tenant \`${slug}\`; nothing was changed`, near ? `--tenant ${near}` : "nself db tenant list")
}

/** Slugs of rows, sorted and shortened for one line: `a, b, c and 997 more`. */
export function someOf(names: readonly string[], most = 5): string {
  const shown = names.slice(0, most).join(", ")
  return names.length > most ? `${shown} and ${names.length - most} more` : shown
}
