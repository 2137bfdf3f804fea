import { Fault } from "../../core/fault.ts"
import type { Session, PgError } from "../../core/types.ts"
import type { Tenant } from "../../core/tenant.ts"
import { checkedTenant, schemaRegex } from "../../core/tenant-list.ts"
import { hasCode, isPgError } from "../pg-error.ts"

/** nself's own list of tenants. */
export const REGISTRY = "tenants.tenants"

/** Where nobody said where tenants are. */
export const DEFAULT_PATTERN = "tenant_*"

/** The tenants of nself's own tables; `null` where these are not there. A tenant that has no schema yet is left out: it has nothing to migrate. */
export async function fromRegistry(session: Session): Promise<readonly Tenant[] | null> {
  const rows = await listed<Record<string, unknown>>(session, `
    select t.slug::text as slug, s.schema_name::text as schema, t.status::text as status
    from tenants.tenants t join tenants.tenant_schemas s on s.tenant_id = t.id order by 1, 2`).catch((error: unknown) => {
      if (hasCode(error, "42P01", "3F000")) return null
      throw error
    })
  return rows && rowsOf(rows, REGISTRY)
}

/** Schemas whose name fits; what the first `*` stands for is the slug. */
export async function fromSchemas(session: Session, pattern: string): Promise<readonly Tenant[]> {
  const rows = await listed<{ schema: string; slug: string | null }>(session, `
    select nspname::text as schema, substring(nspname::text from $1) as slug from pg_catalog.pg_namespace
    where nspname::text ~ $1 and nspname !~ '^pg_' and nspname <> 'information_schema' order by 1`, [schemaRegex(pattern)])
  return rows.map(({ schema, slug }) => ({ slug: slug === null || slug === "" ? schema : slug, schema, url: null, status: null }))
}

/** All rows as one value: the thousands of objects that a driver makes of them, in a process that has just begun, take longer than the question. */
async function listed<R>(session: Session, sql: string, params: readonly unknown[] = []): Promise<readonly R[]> {
  const [row] = await session.query<{ list: readonly R[] }>(`select coalesce(pg_catalog.json_agg(l), '[]') as list from (${sql}) l`, params)
  return row!.list
}

/** What the config's query gives: columns `slug`, `schema` and, where wanted, `url` and `status`. Throws a `usage` fault with PostgreSQL's words. */
export async function fromQuery(session: Session, sql: string): Promise<readonly Tenant[]> {
  const rows = await session.query<Record<string, unknown>>(sql).catch((error: unknown) => {
    if (!isPgError(error)) throw error
    throw new Fault("usage", `nself.tenants.query: ${(error as Error & PgError).message} (SQLSTATE ${error.code})`, "select slug, schema_name as schema, status from …", error)
  })
  return rowsOf(rows, "nself.tenants.query")
}

/** The schema of extensions: the one named, which must be there, else `extensions` where there is one. */
export async function extensionSchemaOf(session: Session, named: string | null): Promise<string | null> {
  const name = named ?? "extensions"
  const rows = await session.query("select from pg_catalog.pg_namespace where nspname = $1", [name])
  if (rows.length > 0) return name
  if (named === null) return null
  throw new Fault("failed", `the schema of extensions, ${named}, is not there`, "create it, or correct nself.tenants.extensionSchema")
}

function rowsOf(rows: readonly Readonly<Record<string, unknown>>[], source: string): readonly Tenant[] {
  return rows.map((row, i) => checkedTenant(row, `${source}, row ${i + 1}`))
}
