import type { Sql } from "postgres"
import type { Query, Readers } from "../core/types.ts"
import { connectFault } from "./connect-fault.ts"
import type { ConnectionSettings, Host } from "./settings.ts"
import type { Attempt } from "./tls.ts"

/** The host and the kind of connection that a session has found to work. */
export interface Reached {
  readonly host: Host
  readonly ssl: Attempt
}

/** `search_path` without a schema; a text without characters would not be sent. */
const EMPTY_LIST = '""'
/** A text is JSON already, as it is for the other driver. */
const JSON_TEXT = { serialize: (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value)), parse: (text: string): unknown => JSON.parse(text) }

/** Seconds an idle connection is kept. */
const IDLE_S = 5

/**
 * A bounded pool for questions that do not depend on each other (postgres.js). Everything a question relies on is said when a connection starts, so
 * one that was lost and silently opened again reads the same: no `search_path`, so every name is printed with its schema, and nothing can be written.
 *
 * @param width  connections at most
 * @returns `null` where a connection must be bound to its TLS channel, which this driver cannot do
 * Not through a pooler: it refuses such settings at the start.
 */
export async function openReaders(settings: ConnectionSettings, { host, ssl }: Reached, applicationName: string, width: number): Promise<Readers | null> {
  if (settings.channelBinding === "require") return null
  const { default: postgres } = await import("postgres")
  const place = host.host.startsWith("/") ? { path: `${host.host}/.s.PGSQL.${host.port}` } : { host: host.host, port: host.port }
  const sql = postgres({
    ...place, user: settings.user, password: () => settings.password ?? "", database: settings.database, ssl: ssl as Exclude<Attempt, false> | false, max: width,
    prepare: false, fetch_types: false, connect_timeout: settings.connectTimeout, idle_timeout: IDLE_S, max_lifetime: null, target_session_attrs: undefined as never,
    types: { json: { to: 114, from: [114], ...JSON_TEXT }, jsonb: { to: 3802, from: [3802], ...JSON_TEXT } },
    onnotice: () => {}, // by default they go to standard output
    connection: { application_name: applicationName, search_path: EMPTY_LIST, default_transaction_read_only: true, jit: false },
  })
  return { query: queryOf(sql, settings, host), close: () => sql.end({ timeout: 1 }) }
}

function queryOf(sql: Sql, settings: ConnectionSettings, host: Host): Query {
  return async <R>(text: string, params: readonly unknown[] = []) => {
    try {
      return [...await sql.unsafe(text, params as never[])] as unknown as readonly R[]
    } catch (error) {
      if (isConnection(error)) throw connectFault(settings, host, error)
      throw error
    }
  }
}

/** What postgres.js calls the ends of a connection. */
const ENDS = ["CONNECT_TIMEOUT", "CONNECTION_CLOSED", "CONNECTION_DESTROYED", "CONNECTION_ENDED", "ECONNREFUSED", "ECONNRESET", "EPIPE"]

const isConnection = (error: unknown): boolean => error instanceof Error && "code" in error && ENDS.includes(String(error.code))
