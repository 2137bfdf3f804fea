import { Fault } from "./fault.ts"
import { ident } from "./ident.ts"
import type { Tenant } from "./tenant.ts"

/** The home schema of a tenant that has a database of its own and names no schema. */
const OWN_DATABASE = "public"

const HINT = "one tenant a line: slug, TAB, connection URL, and, where it is not public, TAB, schema; or a JSON list of { slug, url, schema }"

/**
 * The tenants that a file or a command prints: JSON, or one line each; empty lines and lines that begin with `#` are left out.
 * Throws a `usage` fault that names the source and the line, never a URL.
 */
export function parseTenantList(text: string, source: string): readonly Tenant[] {
  const trimmed = text.replace(/^\uFEFF/, "").trim()
  const rows = trimmed.startsWith("[") ? fromJson(trimmed, source) : fromLines(trimmed, source)
  return rows.map(({ row, where }) => checkedTenant(row, `${source}${where}`))
}

interface Found {
  readonly row: Readonly<Record<string, unknown>>
  readonly where: string
}

function fromJson(text: string, source: string): readonly Found[] {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new Fault("usage", `${source} begins like JSON and is not`, HINT)
  }
  return (value as unknown[]).map((row, i) => {
    if (typeof row !== "object" || row === null) throw new Fault("usage", `${source}: entry ${i + 1} is no object`, HINT)
    return { row: row as Found["row"], where: `, entry ${i + 1}` }
  })
}

function fromLines(text: string, source: string): readonly Found[] {
  return text.split(/\r?\n/).flatMap((line, i) => {
    if (line.trim() === "" || line.startsWith("#")) return []
    const found = line.includes("\t") ? line.split("\t") : (/^(.*?)\s+(postgres(?:ql)?:\/\/\S+)(?:\s+(\S.*))?$/i.exec(line)?.slice(1) ?? [])
    const [slug, url, schema] = found.map(part => part?.trim())
    if (!slug || !url) throw new Fault("usage", `${source}, line ${i + 1}: no slug and connection URL`, HINT)
    return [{ row: { slug, url, schema }, where: `, line ${i + 1}` }]
  })
}

/** A row as a tenant: `slug`, and `schema` or `url` or both. Throws a `usage` fault that says where it came from. */
export function checkedTenant(row: Readonly<Record<string, unknown>>, where: string): Tenant {
  const text = (key: string): string | null => {
    const value = row[key] ?? null
    if (value !== null && typeof value !== "string") throw new Fault("usage", `${where}: \`${key}\` is no text`, HINT)
    return value === "" ? null : value
  }
  const [slug, url] = [text("slug"), text("url")]
  const schema = text("schema") ?? text("schema_name") ?? (url === null ? null : OWN_DATABASE)
  if (slug === null) throw new Fault("usage", `${where}: no slug`, HINT)
  if (schema === null) throw new Fault("usage", `${where}: tenant \`${slug}\` has neither a schema nor a connection URL`, HINT)
  try {
    ident(schema)
  } catch (error) {
    throw new Fault("usage", `${where}: tenant \`${slug}\`: ${(error as Error).message}`, "give its schema a shorter name")
  }
  return { slug, schema, url, status: text("status") }
}

/** The tenants without doubles; two of one slug in one place are one. Throws `usage` when two slugs share a schema: a migration would run there for both. */
export function checkedList(tenants: readonly Tenant[]): readonly Tenant[] {
  const seen = new Map<string, Tenant>()
  for (const tenant of tenants) {
    const place = JSON.stringify([tenant.url, tenant.schema])
    const other = seen.get(place)
    if (other && other.slug !== tenant.slug) throw new Fault("usage", `tenants \`${other.slug}\` and \`${tenant.slug}\` have one schema, ${tenant.schema}`, "correct the list of tenants")
    seen.set(place, tenant)
  }
  return [...seen.values()]
}

/** `tenant_*` as a regular expression of PostgreSQL; `*` stands for anything, all else for itself. */
export function schemaRegex(pattern: string): string {
  return `^${pattern.split("*").map(part => part.replace(/[^\p{L}\p{N}_]/gu, "\\$&")).join("(.*)")}$`
}
