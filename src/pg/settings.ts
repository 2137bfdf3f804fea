/** Where a server is and how it is spoken to, as plain values. Made by `settingsFrom`, used by `openServer`. */

export const SSL_MODES = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"] as const
export type SslMode = (typeof SSL_MODES)[number]

export const TARGETS = ["any", "read-write", "read-only", "primary", "standby", "prefer-standby"] as const
export type Target = (typeof TARGETS)[number]

export const BINDINGS = ["disable", "prefer", "require"] as const
export type ChannelBinding = (typeof BINDINGS)[number]

export interface Host {
  /** A name, an address without brackets, or the folder of a unix socket (starts with `/`). */
  readonly host: string
  readonly port: number
}

export interface ConnectionSettings {
  /** Tried in this order; never empty. */
  readonly hosts: readonly Host[]
  readonly user: string
  readonly database: string
  /** `null`: none was given. */
  readonly password: string | null
  /** `null`: nothing was said, so a host that is not this machine gets `verify-full` and this machine `prefer`. */
  readonly sslMode: SslMode | null
  /** PEM file of the authorities to trust, or `system`; `null`: the system's. */
  readonly sslRootCert: string | null
  readonly sslCert: string | null
  readonly sslKey: string | null
  readonly channelBinding: ChannelBinding
  readonly target: Target
  /** Seconds per host. */
  readonly connectTimeout: number
  readonly applicationName: string | null
  /** Startup options as libpq's `options`: `-c search_path=x`. */
  readonly options: string | null
  /** Where the settings came from, for messages: `--url`, `DATABASE_URL`, `POSTGRES_HOST`, `drizzle.config`. */
  readonly source: string
}

export const DEFAULT_PORT = 5432
/** Seconds per host. */
export const CONNECT_TIMEOUT = 10

/** `nself@127.0.0.1:5432/nself`: for people, never with the password. */
export function labelOf(settings: ConnectionSettings): string {
  return `${settings.user}@${settings.hosts.map(hostLabel).join(",")}/${settings.database}`
}

/** `127.0.0.1:5432`, `[::1]:5432`, `/run/postgresql:5432`. */
export function hostLabel({ host, port }: Host): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`
}

/** Whether bytes to this host stay on this machine. */
export function isLocal(host: string): boolean {
  return host.startsWith("/") || host === "localhost" || host.endsWith(".localhost") || host === "::1" || /^127\.\d+\.\d+\.\d+$/.test(host)
}

/** The mode that holds for this host. */
export function sslModeFor(settings: ConnectionSettings, host: string): SslMode {
  if (host.startsWith("/")) return "disable" // libpq too never asks a unix socket for TLS
  return settings.sslMode ?? (isLocal(host) ? "prefer" : "verify-full")
}
