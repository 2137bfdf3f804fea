import type { Shadows } from "../../src/flows/history/shadows.ts"
import type { Session } from "../../src/core/types.ts"
import { ident } from "../../src/core/ident.ts"
import { openShadow } from "../../src/shadow/shadow.ts"

/** One embedded PostgreSQL for many tests, emptied each time: starting one for every case would take most of the time. */
export function reusedShadows(): Shadows {
  let one: Promise<Session> | null = null
  return {
    key: "reused", embedded: true,
    open: async () => {
      const session = await (one ??= openShadow())
      return { ...session, close: () => empty(session) }
    },
    close: async () => void (await (await one)?.close()),
  }
}

async function empty(session: Session): Promise<void> {
  const names = async (sql: string) => (await session.query<{ name: string }>(sql)).map(({ name }) => ident(name))
  const extensions = await names("select extname as name from pg_extension where extname <> 'plpgsql'")
  const schemas = await names("select nspname as name from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'")
  const roles = await names("select rolname as name from pg_roles where rolname !~ '^pg_' and not rolsuper")
  const others = [
    ...(await names("select pubname as name from pg_publication")).map(name => `drop publication ${name}`), ...(await names("select evtname as name from pg_event_trigger")).map(name => `drop event trigger ${name}`),
    ...(await names("select fdwname as name from pg_foreign_data_wrapper")).map(name => `drop foreign data wrapper ${name} cascade`),
  ]
  await session.script(["rollback", ...others, ...schemas.map(name => `drop schema ${name} cascade`), ...extensions.map(name => `drop extension if exists ${name} cascade`),
    // default privileges, and what was taken from everybody
    ...roles.map(name => `drop owned by ${name}`), "alter default privileges grant execute on functions to public", "create schema public"].join(";\n"))
}
