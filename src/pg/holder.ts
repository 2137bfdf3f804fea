import type { Session } from "../core/types.ts"

/** Who holds the migration lock of a schema. */
export interface Holder {
  readonly pid: number
  readonly application: string
  /** Address of the client; empty for a unix socket. */
  readonly host: string
  /** Since its transaction began. */
  readonly ageMs: number
  /** Start of what it runs, literals masked. */
  readonly query: string
}

/** SQL of the lock's key; `$1` is the schema. Two databases of one server, and two schemas of one database, never wait for each other. */
export const LOCK_KEY = "hashtextextended('nself:v1:' || current_database()::text || ':' || $1::text, 0)"

/** Who holds the lock now; `null` when it has just been given back, or the role may not see it. */
export async function lockHolder(session: Session, schema: string): Promise<Holder | null> {
  const rows = await session.query<Row>(`
    select ${COLUMNS} from pg_catalog.pg_locks l join pg_catalog.pg_stat_activity a on a.pid = l.pid
    where l.locktype = 'advisory' and l.granted and l.objsubid = 1 and l.pid <> pg_backend_pid()
      and l.database = (select oid from pg_catalog.pg_database where datname = current_database())
      and ((l.classid::bigint << 32) | l.objid::bigint) = ${LOCK_KEY} limit 1`, [schema])
  return rows[0] ? holderOf(rows[0]) : null
}

/** Other transactions of this database that hold locks on tables of the schema, oldest first: what a lock time-out waited for. */
export async function blockers(session: Session, schema: string): Promise<readonly Holder[]> {
  const rows = await session.query<Row>(`
    select ${COLUMNS} from pg_catalog.pg_stat_activity a
    where a.pid <> pg_backend_pid() and a.datname = current_database() and a.xact_start is not null and exists (
      select from pg_catalog.pg_locks l join pg_catalog.pg_class c on c.oid = l.relation join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where l.pid = a.pid and l.granted and n.nspname = $1)
    order by a.xact_start limit 5`, [schema])
  return rows.map(holderOf)
}

/** `pid 4711 (psql from 10.0.0.7), 12 s: select … `; one line. */
export function holderText(holder: Holder): string {
  const who = [holder.application || "no application name", ...(holder.host ? [`from ${holder.host}`] : [])].join(" ")
  return `pid ${holder.pid} (${who}), ${Math.round(holder.ageMs / 1000)} s: ${holder.query}`
}

interface Row { readonly pid: number; readonly application: string; readonly host: string; readonly age: number; readonly query: string }

const COLUMNS = `a.pid, coalesce(a.application_name, '') as application, coalesce(host(a.client_addr), '') as host,
  coalesce(extract(epoch from clock_timestamp() - coalesce(a.xact_start, a.state_change)) * 1000, 0)::float8 as age, coalesce(a.query, '') as query`

const holderOf = (row: Row): Holder => ({ pid: row.pid, application: row.application, host: row.host, ageMs: row.age, query: masked(row.query) })

/** A query may hold secrets (`ALTER ROLE … PASSWORD '…'`), so its literals are not shown. */
function masked(query: string): string {
  const line = query.replace(/\$([A-Za-z_]*)\$[\s\S]*?(\$\1\$|$)/g, "'…'").replace(/'(?:[^']|'')*('|$)/g, "'…'").replace(/\s+/g, " ").trim()
  return line.length > 80 ? `${line.slice(0, 79)}…` : line
}
