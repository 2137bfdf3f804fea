import { availableParallelism } from "node:os"
import { visiting, type Place } from "./places.ts"

/**
 * Connections to a server on this machine: two for each of its cores, one of which waits for the disk while the other works, so 4 on two cores; and to another
 * one, whose cores nobody tells and where a round trip costs more (FAULTS.md, 2d).
 */
const LOCAL = (cores: number): number => Math.max(2, Math.min(8, 2 * cores))
const REMOTE = 8

/** How many connections a run opens to one server: what was asked for, else by the server's cores, but never more than half of those still free. */
export async function widthFor(place: Place, asked: number | null): Promise<number> {
  if (place.embedded) return 1
  const wanted = asked ?? (place.local ? LOCAL(availableParallelism()) : REMOTE)
  try {
    const [row] = await visiting(place, session => session.query<{ free: number }>(FREE))
    return Math.max(1, Math.min(wanted, Math.floor((row?.free ?? wanted) / 2)))
  } catch {
    return wanted // a server that cannot be reached is told of by whoever tries it next
  }
}

/** The role's limit and the database's count too; -1 is none. Autovacuum and the like are not in `max_connections`. */
const FREE = `select least(
    current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int - (select count(*) from pg_catalog.pg_stat_activity where backend_type = 'client backend'),
    (select case when rolconnlimit < 0 or rolsuper then 1000000 else rolconnlimit - (select count(*) from pg_catalog.pg_stat_activity where usename = current_user) end from pg_catalog.pg_roles where rolname = current_user),
    (select case when datconnlimit < 0 then 1000000 else datconnlimit - (select count(*) from pg_catalog.pg_stat_activity where datname = current_database()) end from pg_catalog.pg_database where datname = current_database())
  )::int as free`
