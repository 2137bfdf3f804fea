import type { Client } from "pg"
import { Fault } from "../core/fault.ts"
import type { Database, Session } from "../core/types.ts"
import { connect } from "./connect.ts"
import { pauseMs } from "./patience.ts"
import { hasCode } from "./pg-error.ts"
import { engineOf } from "./engine.ts"
import { markBehindPooler } from "./pooled.ts"
import { sessionOf, type Notice } from "./session.ts"
import { isLocal, labelOf, type ConnectionSettings } from "./settings.ts"

export interface ServerOptions {
  /** nself's own version. */
  readonly version: string
  /** The run this is part of: a uuid, which ends up in `application_name` and in the ledger. */
  readonly runId: string
  /** What the server says beside its answers; nobody is told where it is missing. */
  readonly notice?: (notice: Notice) => void
  /** How long a server that is there but takes nobody in (starting up, too many connections) is asked again; not at all where it is missing. */
  readonly patient?: { readonly forMs: number; readonly waiting: (line: string) => void }
}

/**
 * A server as a database. The first session is opened at once, so that a wrong password shows here.
 * Throws `failed` (unreachable, password, unknown database, TLS) and `refused` (not PostgreSQL 14 to 18).
 */
export async function openServer(settings: ConnectionSettings, options: ServerOptions): Promise<Database> {
  const open = new Set<Session>()
  const session = async (): Promise<Session> => {
    const made = await patiently(options.patient, () => openSession(settings, options))
    open.add(made)
    return made
  }
  let first: Session | null = await session()
  return {
    label: labelOf(settings),
    embedded: false,
    local: settings.hosts.every(({ host }) => isLocal(host)),
    session: async () => {
      const taken = first
      first = null
      return taken ?? (await session())
    },
    // said, not waited for: a server process that has seen very many tables takes a while to end, and that is nobody's business any more
    close: async () => open.forEach(one => void one.close()),
  }
}

/** Starting up, too many connections: PostgreSQL's words for "not now". */
const NOT_NOW = ["57P03", "53300"]

async function patiently<T>(patient: ServerOptions["patient"], work: () => Promise<T>): Promise<T> {
  const end = performance.now() + (patient?.forMs ?? 0)
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof Fault) || !hasCode(error.cause, ...NOT_NOW) || performance.now() >= end) throw error
      if (attempt === 1) patient?.waiting(`${error.message}; trying again`)
      await Bun.sleep(Math.min(pauseMs(attempt, Math.random), Math.max(1, end - performance.now())))
    }
  }
}

const nameOf = (settings: ConnectionSettings, { version, runId }: ServerOptions): string => settings.applicationName ?? `nself/${version}/${runId.slice(0, 8)}`

/** How messages begin that nself has the server send to nself. */
export const TOLD = "nself: told "

async function openSession(settings: ConnectionSettings, options: ServerOptions): Promise<Session> {
  const client = await connect(settings, nameOf(settings, options))
  try {
    client.on("notice", said => said.message?.startsWith(TOLD) || options.notice?.({ severity: said.severity ?? "NOTICE", message: said.message ?? "" }))
    const info = await identify(client)
    const session = sessionOf(client, info, pid => cancelBackend(settings, pid))
    if (info.pid !== (client as unknown as { processID: number }).processID) markBehindPooler(session, work => withOther(settings, work))
    return session
  } catch (error) {
    await client.end().catch(() => {})
    throw error
  }
}

async function withOther<T>(settings: ConnectionSettings, work: (pid: () => Promise<number>) => Promise<T>): Promise<T> {
  const client = await connect(settings, "nself/pooler?")
  return work(async () => (await client.query<{ pid: number }>("select pg_backend_pid() as pid")).rows[0]!.pid).finally(() => client.end().catch(() => {}))
}

async function identify(client: Client): Promise<{ engine: string; versionNum: number; pid: number }> {
  const { rows } = await client.query<{ version: string; num: number; pid: number }>(
    "select version(), current_setting('server_version_num')::int as num, pg_backend_pid() as pid").catch(() => client.query("select version(), 0 as num, 0 as pid"))
  const { version, num, pid } = rows[0]!
  return { engine: engineOf(version), versionNum: num, pid }
}

/** Over a second connection, because the first one is busy with what is to be cancelled. */
async function cancelBackend(settings: ConnectionSettings, pid: number): Promise<void> {
  const client = await connect(settings, "nself/cancel")
  await client.query("select pg_cancel_backend($1)", [pid]).finally(() => client.end())
}
