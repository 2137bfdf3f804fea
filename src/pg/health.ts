import type { InvalidIndex, NotValid } from "../core/health/objects.ts"
import type { RightsFacts, ServerFacts, SettingsFacts } from "../core/health/server.ts"
import type { Session } from "../core/types.ts"

/** Schemas that people made. */
const USERS = "n.nspname !~ '^pg_' and n.nspname <> 'information_schema'"

export type SessionFacts = Pick<ServerFacts, "user" | "superuser" | "standby" | "readOnly" | "encoding">

export async function sessionFacts({ query }: Session): Promise<SessionFacts> {
  const [row] = await query<SessionFacts>(`
    select current_user::text as user, r.rolsuper as superuser, pg_is_in_recovery() as standby,
      current_setting('default_transaction_read_only')::bool as "readOnly", current_setting('server_encoding') as encoding
    from pg_catalog.pg_roles r where r.rolname = current_user`)
  return row!
}

/** How this very session is encrypted; `null`: it is not. */
export async function tlsOf({ query }: Session): Promise<{ readonly version: string; readonly cipher: string } | null> {
  const [row] = await query<{ version: string; cipher: string }>("select version, cipher from pg_catalog.pg_stat_ssl where pid = pg_backend_pid() and ssl")
  return row ?? null
}

/** The time-outs are those that a new session gets from server, database and role. */
export async function settingsFacts({ query }: Session): Promise<SettingsFacts> {
  const [row] = await query<Record<keyof SettingsFacts, string>>(`
    select current_setting('lock_timeout') as "lockTimeout", current_setting('statement_timeout') as "statementTimeout",
      current_setting('idle_in_transaction_session_timeout') as "idleTimeout", current_setting('max_locks_per_transaction') as "maxLocksPerTransaction",
      current_setting('max_locks_per_transaction')::int8 * (current_setting('max_connections')::int8 + current_setting('max_prepared_transactions')::int8) as "lockSlots",
      (select count(*) from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace where ${USERS} and c.relkind in ('r', 'p', 'i', 'I', 'S', 'm')) as relations`)
  const { lockTimeout, statementTimeout, idleTimeout } = row!
  return { lockTimeout, statementTimeout, idleTimeout, maxLocksPerTransaction: Number(row!.maxLocksPerTransaction), lockSlots: Number(row!.lockSlots), relations: Number(row!.relations) }
}

/** What the role may do in `schema`. A schema that is missing grants nothing. */
export async function rightsFacts({ query }: Session, schema: string): Promise<RightsFacts> {
  const [row] = await query<Omit<RightsFacts, "schema" | "foreign">>(`
    select current_user::text as user, n.oid is not null as exists, coalesce(has_schema_privilege(n.oid, 'USAGE'), false) as usage,
      coalesce(has_schema_privilege(n.oid, 'CREATE'), false) as create, has_database_privilege(current_database(), 'CREATE') as "createInDatabase"
    from (select 1) one left join pg_catalog.pg_namespace n on n.nspname = $1`, [schema])
  const foreign = await query<{ name: string; owner: string }>(`
    select c.relname::text as name, pg_get_userbyid(c.relowner)::text as owner
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where n.nspname = $1 and c.relkind in ('r', 'p', 'v', 'm', 'S') and not pg_has_role(c.relowner, 'USAGE')
      and not exists (select from pg_catalog.pg_depend e where e.classid = 'pg_class'::regclass and e.objid = c.oid and e.deptype = 'e')
    order by 1`, [schema])
  return { ...row!, schema, foreign }
}

export async function extensionNames({ query }: Session): Promise<{ readonly installed: readonly string[]; readonly available: readonly string[] }> {
  const rows = await query<{ name: string; installed: boolean }>("select name::text as name, installed_version is not null as installed from pg_catalog.pg_available_extensions")
  const had = await query<{ name: string }>("select extname::text as name from pg_catalog.pg_extension")
  return { installed: had.map(row => row.name), available: rows.map(row => row.name) }
}

/** Tables of one schema, nself's own left out. */
export async function tableCount({ query }: Session, schema: string): Promise<number> {
  const [row] = await query<{ count: number }>(`
    select count(*)::int4 as count from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where n.nspname = $1 and c.relkind in ('r', 'p') and c.relname !~ '^np_migrations(_|$)'`, [schema])
  return Number(row!.count)
}

export async function invalidIndexes({ query }: Session): Promise<readonly InvalidIndex[]> {
  return query<InvalidIndex>(`
    select n.nspname::text as schema, c.relname::text as name, t.relname::text as table,
      exists (select from pg_catalog.pg_stat_progress_create_index p where p.index_relid = c.oid) as building
    from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indexrelid join pg_catalog.pg_class t on t.oid = i.indrelid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where not i.indisvalid and c.relkind = 'i' and ${USERS} order by 1, 2`)
}

export async function notValidConstraints({ query }: Session): Promise<readonly NotValid[]> {
  return query<NotValid>(`
    select n.nspname::text as schema, c.relname::text as table, k.conname::text as name
    from pg_catalog.pg_constraint k join pg_catalog.pg_class c on c.oid = k.conrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where not k.convalidated and k.conparentid = 0 and ${USERS} order by 1, 2, 3`)
}

/** Open transactions of others, whatever they lock: one line each, without what they run, which the role may not see anyway. */
export async function openTransactions({ query }: Session): Promise<readonly { readonly pid: number; readonly ageMs: number; readonly text: string }[]> {
  const rows = await query<{ pid: number; age: number; application: string; host: string; who: string; state: string }>(`
    select pid, (extract(epoch from clock_timestamp() - xact_start) * 1000)::float8 as age, coalesce(application_name, '') as application,
      coalesce(host(client_addr), '') as host, coalesce(usename::text, '') as who, coalesce(state, '') as state
    from pg_catalog.pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and xact_start is not null and backend_type = 'client backend' order by xact_start`)
  return rows.map(({ pid, age, application, host, who, state }) => ({
    pid, ageMs: Number(age), text: `pid ${pid} (${[application || "no application name", ...(host ? [`from ${host}`] : []), who].filter(Boolean).join(" ")}), ${Math.round(Number(age) / 1000)} s, ${state}`,
  }))
}

export async function preparedTransactions({ query }: Session): Promise<readonly { readonly gid: string; readonly ageMs: number }[]> {
  const rows = await query<{ gid: string; age: number }>(`
    select gid, (extract(epoch from clock_timestamp() - prepared) * 1000)::float8 as age from pg_catalog.pg_prepared_xacts where database = current_database() order by prepared`)
  return rows.map(({ gid, age }) => ({ gid, ageMs: Number(age) }))
}

/** Bytes of the database, and where the server keeps it; `null` where the role may not know. */
export async function storageOf({ query }: Session): Promise<{ readonly used: number; readonly directory: string | null }> {
  const [row] = await query<{ used: string; directory: string | null }>(`
    select pg_database_size(current_database()) as used,
      case when pg_has_role('pg_read_all_settings', 'USAGE') then current_setting('data_directory') end as directory`)
  return { used: Number(row!.used), directory: row!.directory }
}
