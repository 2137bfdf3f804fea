import { Fault } from "../core/fault.ts"
import { BINDINGS, CONNECT_TIMEOUT, DEFAULT_PORT, SSL_MODES, TARGETS, type ConnectionSettings, type Host } from "./settings.ts"
import { parseUrl, type Key, type Parts } from "./url.ts"
import { partsOfCredentials } from "./credentials.ts"

type Env = Readonly<Record<string, string | undefined>>

export interface Given {
  /** `--url`, or another one that stands over everything else. */
  readonly url?: string | null
  /** What `url` is called where it is wrong; left out: `--url`. */
  readonly urlFrom?: string
  readonly env: Env
  /** `dbCredentials` of drizzle.config, unread. */
  readonly credentials?: unknown
}

/** Where the command line puts a URL that `--url-env` or `--url-file` named, and where it came from; over all but `--url`. */
const [GIVEN_URL, GIVEN_URL_FROM] = ["NSELF_GIVEN_URL", "NSELF_GIVEN_URL_FROM"]

/** libpq's variables; they fill what the source leaves open. */
const VARIABLES: Readonly<Partial<Record<Key, string>>> = {
  host: "PGHOST", port: "PGPORT", user: "PGUSER", password: "PGPASSWORD", dbname: "PGDATABASE", sslmode: "PGSSLMODE",
  sslrootcert: "PGSSLROOTCERT", sslcert: "PGSSLCERT", sslkey: "PGSSLKEY", channel_binding: "PGCHANNELBINDING",
  target_session_attrs: "PGTARGETSESSIONATTRS", connect_timeout: "PGCONNECT_TIMEOUT", application_name: "PGAPPNAME", options: "PGOPTIONS",
}

const POSTGRES_VARIABLES: Readonly<Partial<Record<Key, string>>> = {
  host: "POSTGRES_HOST", port: "POSTGRES_PORT", dbname: "POSTGRES_DB", user: "POSTGRES_USER", password: "POSTGRES_PASSWORD", sslmode: "POSTGRES_SSL_MODE",
}

/**
 * The connection that was asked for, from the first of: `--url`, `DATABASE_URL`, `NSELF_DB_URL`, `POSTGRES_*`, `dbCredentials`.
 * `null` when none of them says anything. Throws `usage` faults that name the source and never show a value that may be secret.
 */
export function settingsFrom(given: Given): ConnectionSettings | null {
  const found = partsFrom(given)
  if (!found) return null
  const parts = { ...variables(given.env, VARIABLES), ...found.parts }
  return complete(parts, given.env, found.source)
}

function partsFrom({ url, urlFrom = "--url", env, credentials }: Given): { parts: Parts; source: string } | null {
  if (url) return { parts: parseUrl(url, urlFrom), source: urlFrom }
  const elsewhere = env[GIVEN_URL]
  if (elsewhere) return { parts: parseUrl(elsewhere, env[GIVEN_URL_FROM] ?? GIVEN_URL), source: env[GIVEN_URL_FROM] ?? GIVEN_URL }
  for (const name of ["DATABASE_URL", "NSELF_DB_URL"]) {
    if (env[name]) return { parts: parseUrl(env[name], name), source: name }
  }
  const parts = variables(env, POSTGRES_VARIABLES)
  if (parts.host || parts.dbname || parts.user) return { parts, source: "POSTGRES_HOST, POSTGRES_DB, POSTGRES_USER …" }
  const found = partsOfCredentials(credentials)
  return found && { parts: found, source: "dbCredentials of drizzle.config" }
}

function variables(env: Env, names: Readonly<Partial<Record<Key, string>>>): Parts {
  return Object.fromEntries(Object.entries(names).flatMap(([key, name]) => (env[name] ? [[key, env[name]]] : [])))
}

function complete(parts: Parts, env: Env, source: string): ConnectionSettings {
  const user = parts.user || env.USER || "postgres"
  for (const [key, value] of Object.entries(parts)) if (value.includes("\0")) throw new Fault("usage", `${source}: ${key} holds a NUL`, "take it out")
  return {
    hosts: hostsOf(parts, source),
    user,
    database: parts.dbname || user,
    password: parts.password || null,
    sslMode: parts.sslmode ? oneOf(SSL_MODES, "sslmode", parts.sslmode, source) : null,
    sslRootCert: parts.sslrootcert || null,
    sslCert: parts.sslcert || null,
    sslKey: parts.sslkey || null,
    channelBinding: oneOf(BINDINGS, "channel_binding", parts.channel_binding || "prefer", source),
    target: oneOf(TARGETS, "target_session_attrs", parts.target_session_attrs || "any", source),
    connectTimeout: seconds(parts.connect_timeout, source),
    applicationName: parts.application_name || null,
    options: parts.options || null,
    source,
  }
}

/** Hosts and ports as libpq pairs them: one port for all, or one each; an empty one is the default. */
function hostsOf(parts: Parts, source: string): readonly Host[] {
  const hosts = (parts.host || "localhost").split(",")
  const ports = (parts.port ?? "").split(",")
  if (ports.length !== 1 && ports.length !== hosts.length) {
    throw new Fault("usage", `${source} names ${hosts.length} hosts and ${ports.length} ports`, "give one port for all hosts, or one for each")
  }
  return hosts.map((host, i) => ({ host: host || "localhost", port: portOf(ports[ports.length === 1 ? 0 : i]!, source) }))
}

function portOf(text: string, source: string): number {
  const port = text === "" ? DEFAULT_PORT : Number(text)
  if (!/^\d*$/.test(text) || port < 1 || port > 65535) throw new Fault("usage", `${source}: the port is not a number from 1 to 65535`, "postgres://user:password@host:5432/database")
  return port
}

function seconds(text: string | undefined, source: string): number {
  if (!text) return CONNECT_TIMEOUT
  if (!/^\d{1,6}$/.test(text)) throw new Fault("usage", `${source}: connect_timeout is not a number of seconds`, "connect_timeout=10")
  return Number(text) || CONNECT_TIMEOUT // libpq's 0 waits for ever, nself never does
}

function oneOf<T extends string>(known: readonly T[], key: string, value: string, source: string): T {
  const found = known.find(one => one === value)
  if (found === undefined) throw new Fault("usage", `${source}: ${key} has a value that does not exist`, `${key} is one of ${known.join(", ")}`)
  return found
}
