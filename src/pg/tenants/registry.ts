import { ident, literal } from "../../core/ident.ts"
import type { Session } from "../../core/types.ts"

/** Statements that put a tenant into nself's tables. */
export function registerSql(slug: string, schema: string): string {
  return `with t as (insert into tenants.tenants (slug, status) values (${literal(slug)}, 'active') returning id)
    insert into tenants.tenant_schemas (tenant_id, schema_name) select id, ${literal(schema)} from t`
}

/** Takes a tenant's schema away, with all that is in it, and says so in nself's tables where they list it; all of it or nothing. */
export async function dropTenant(session: Session, schema: string, slug: string, registered: boolean): Promise<void> {
  const forget = registered ? `delete from tenants.tenant_schemas where schema_name = ${literal(schema)}; update tenants.tenants set status = 'deleted' where slug = ${literal(slug)}; ` : ""
  try {
    await session.script(`begin; set local lock_timeout = '10s'; set local client_min_messages = warning; ${forget}drop schema if exists ${ident(schema)} cascade; commit`)
  } catch (error) {
    await session.script("rollback").catch(() => {})
    throw error
  }
}

/** What a tenant's schema holds: tables, and an estimate of its rows. `null`: the schema is not there. */
export async function holdings(session: Session, schema: string): Promise<{ readonly tables: number; readonly rows: number } | null> {
  const [row] = await session.query<{ tables: number; rows: number }>(`
    select count(c.oid)::int as tables, coalesce(sum(greatest(c.reltuples, 0)), 0)::float8 as rows
    from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relkind in ('r', 'p')
    where n.nspname = $1 group by n.oid`, [schema])
  return row ?? null
}

/** The schemas that an audit table says migrations were applied to and not taken back: where one of these has no ledger, it was lost. */
export async function migratedSchemas(session: Session, home: string, schemas: readonly string[]): Promise<readonly string[]> {
  const [there] = await session.query<{ there: boolean }>("select to_regclass($1) is not null as there", [`${ident(home)}.np_migrations_audit`])
  if (!there?.there) return []
  const audit = `${ident(home)}.np_migrations_audit`
  const rows = await session.query<{ schema: string }>(`
    with wanted as (select name from json_array_elements_text($1::json) w(name)),
      resets as (select schema_name, max(id) as id from ${audit} where action = 'reset' and version is null and result = 'done' group by schema_name),
      last as (select distinct on (a.schema_name, a.version) a.schema_name, a.checksum_after from ${audit} a join wanted w on w.name = a.schema_name left join resets r on r.schema_name = a.schema_name
        where a.result = 'done' and a.version is not null and (a.checksum_before is not null or a.checksum_after is not null) and a.id > coalesce(r.id, 0) order by a.schema_name, a.version, a.id desc)
    select distinct schema_name as schema from last where checksum_after is not null order by 1`, [JSON.stringify(schemas)])
  return rows.map(row => row.schema)
}
