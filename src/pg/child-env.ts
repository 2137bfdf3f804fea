import { reachable } from "./connect.ts"
import { sslModeFor, type ConnectionSettings, type Host } from "./settings.ts"

/** Variables that lead a program of the user's to one database, whichever of them it reads. */
export type ConnectionEnv = Readonly<Record<string, string>>

/** The first host of the settings as `POSTGRES_*`, libpq's `PG*` and `DATABASE_URL`. The password is among them. */
export async function connectionEnv(settings: ConnectionSettings): Promise<ConnectionEnv> {
  const host = await reachable(settings.hosts[0]!)
  return variables(host, settings.user, settings.database, settings.password, sslModeFor(settings, host.host))
}

/** The same for the embedded database behind its loopback port; any password opens it. */
export function loopbackEnv(port: number): ConnectionEnv {
  return variables({ host: "127.0.0.1", port }, "postgres", "postgres", "postgres", "disable")
}

function variables({ host, port }: Host, user: string, database: string, password: string | null, sslMode: string): ConnectionEnv {
  const encode = encodeURIComponent
  const secret = password === null ? "" : `:${encode(password)}`
  const socket = host.startsWith("/")
  const address = socket ? "" : `${host.includes(":") ? `[${host}]` : host}:${port}`
  // `pg` reads `prefer` as "TLS or nothing"
  const query = [...(socket ? [`host=${encode(host)}`, `port=${port}`] : []), ...(["disable", "prefer", "allow"].includes(sslMode) ? [] : [`sslmode=${sslMode}`])].join("&")
  return {
    POSTGRES_HOST: host, POSTGRES_PORT: String(port), POSTGRES_DB: database, POSTGRES_USER: user, POSTGRES_SSL_MODE: sslMode,
    PGHOST: host, PGPORT: String(port), PGDATABASE: database, PGUSER: user, PGSSLMODE: sslMode === "prefer" || sslMode === "allow" ? "disable" : sslMode,
    DATABASE_URL: `postgres://${encode(user)}${secret}@${address}/${encode(database)}${query === "" ? "" : `?${query}`}`,
    ...(password === null ? {} : { POSTGRES_PASSWORD: password, PGPASSWORD: password }),
  }
}
