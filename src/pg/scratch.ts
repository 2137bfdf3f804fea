import { Fault } from "../core/fault.ts"
import { ident } from "../core/ident.ts"
import type { Session } from "../core/types.ts"
import { hasCode } from "./pg-error.ts"
import { openServer, type ServerOptions } from "./server.ts"
import type { ConnectionSettings } from "./settings.ts"

const PREFIX = "nself_shadow_"
/** A scratch database that is older and has no guest was left by a run that was killed. Milliseconds. */
const STALE_AFTER = 60 * 60_000

/** A server that lends scratch databases. */
export interface ScratchServer {
  /** `PostgreSQL 16.14`. */
  readonly engine: string
  /** A fresh, empty database of its own; `close()` of its session drops it. */
  open(): Promise<Session>
  close(): Promise<void>
}

/** Connects to the server that a `--shadow-url` names. Nothing in the database that the URL names is touched. */
export async function openScratchServer(settings: ConnectionSettings, options: ServerOptions): Promise<ScratchServer> {
  const database = await openServer(settings, options)
  const admin = await database.session()
  return {
    engine: admin.engine,
    open: () => openScratch(admin, settings, options),
    close: () => database.close(),
  }
}

async function openScratch(admin: Session, settings: ConnectionSettings, options: ServerOptions): Promise<Session> {
  await dropStale(admin)
  const name = `${PREFIX}${Date.now()}_${crypto.randomUUID().slice(0, 8)}`
  await create(admin, name)
  const drop = (): Promise<void> => admin.script(`drop database if exists ${ident(name)} with (force)`)
  try {
    const scratch = await openServer({ ...settings, database: name }, options)
    const session = await scratch.session()
    return {
      ...session,
      close: async () => {
        await scratch.close()
        await drop()
      },
    }
  } catch (error) {
    await drop()
    throw error
  }
}

async function create(admin: Session, name: string): Promise<void> {
  try {
    await admin.script(`create database ${ident(name)} template template0`)
  } catch (error) {
    if (!hasCode(error, "42501")) throw error
    throw new Fault("failed", `the role of --shadow-url may not create a database: ${(error as Error).message}`, "ALTER ROLE … CREATEDB on that server, or leave --shadow-url out to use the embedded PostgreSQL", error)
  }
}

async function dropStale(admin: Session): Promise<void> {
  const rows = await admin.query<{ name: string }>(`
    select d.datname as name from pg_catalog.pg_database d
    where d.datname ~ '^${PREFIX}[0-9]+_' and pg_catalog.pg_has_role(d.datdba, 'USAGE')
      and not exists (select from pg_catalog.pg_stat_activity a where a.datid = d.oid)`)
  const stale = rows.filter(({ name }) => Date.now() - Number(name.slice(PREFIX.length).split("_")[0]) > STALE_AFTER)
  for (const { name } of stale) await admin.script(`drop database if exists ${ident(name)}`).catch(() => {})
}
