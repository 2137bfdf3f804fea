import type { Query } from "../../src/core/types.ts"

/** What lives in no schema of its own, and the schemas with all that is in them. */
const OBJECTS = `
  select 'event trigger ' || quote_ident(evtname) as name from pg_event_trigger
  union all select 'publication ' || quote_ident(pubname) from pg_publication
  union all select 'foreign data wrapper ' || quote_ident(fdwname) || ' cascade' from pg_foreign_data_wrapper
  union all select 'schema ' || quote_ident(nspname) || ' cascade' from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'`

/** Default privileges, and whatever else a role has been given. */
const ROLES = "select 'owned by ' || quote_ident(rolname) as name from pg_roles where rolname !~ '^pg_' and not rolsuper"

/** Empties a database of everything but roles, much faster than a new one is made. */
export async function empty(query: Query): Promise<void> {
  const drops = (await query<{ name: string }>(OBJECTS)).map(row => `drop ${row.name}`)
  const owned = (await query<{ name: string }>(ROLES)).map(row => `drop ${row.name}`)
  for (const statement of [...drops, ...owned, "alter default privileges grant execute on functions to public", "create schema public"]) await query(statement)
}
