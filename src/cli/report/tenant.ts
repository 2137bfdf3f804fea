import { pad } from "../../core/name.ts"
import type { Created } from "../../flows/tenants/create.ts"
import type { Dropped } from "../../flows/tenants/drop.ts"
import type { TenantsList } from "../../flows/tenants/list.ts"
import { count, width } from "./words.ts"

/** One line per tenant: slug, schema, status and, where they are not all in one, database. */
export function tenantsListText({ source, tenants }: TenantsList): string {
  if (tenants.length === 0) return `There are no tenants (${source}).`
  const apart = new Set(tenants.map(one => one.database)).size > 1
  const [slugs, schemas, states] = [width(["slug", ...tenants.map(one => one.slug)]), width(["schema", ...tenants.map(one => one.schema)]), width(["status", ...tenants.map(one => one.status ?? "-")])]
  const line = (slug: string, schema: string, status: string, database: string): string => `${slug.padEnd(slugs)}${schema.padEnd(schemas)}${status.padEnd(states)}${apart ? database : ""}`.trimEnd()
  return [line("slug", "schema", "status", "database"), ...tenants.map(one => line(one.slug, one.schema, one.status ?? "-", one.database)), "", `${count(tenants.length, "tenant")} (${source})`].join("\n")
}

/** What was made. */
export function createdText({ slug, schema, to, fault, registered, source }: Created): string {
  if (fault) return ""
  const list = registered ? "" : source.startsWith("schemas ") ? "" : `\nIt is not in the list yet: ${source} must give it.`
  return `Created tenant ${slug} in schema ${JSON.stringify(schema)}, at version ${pad(to ?? 0)}.${list}`
}

/** The same for `--json`. */
export function createdJson({ slug, schema, database, to, registered, source }: Created): unknown {
  return { slug, schema, database, version: to === null ? null : pad(to), registered, source }
}

/** What was taken away. */
export function droppedText({ slug, schema, dropped, tables }: Dropped): string {
  return dropped ? `Dropped tenant ${slug}: schema ${JSON.stringify(schema)} with ${count(tables, "table")}.` : `Kept tenant ${slug}; nothing was changed.`
}
