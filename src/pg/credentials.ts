import { Fault } from "../core/fault.ts"
import { SSL_MODES, type SslMode } from "./settings.ts"
import { parseUrl, type Parts } from "./url.ts"

const SOURCE = "dbCredentials of drizzle.config"

/** `dbCredentials` in each of drizzle-kit's forms: `connectionString`, `url`, or host, port, user, password, database, ssl. `null`: nothing there. */
export function partsOfCredentials(credentials: unknown): Parts | null {
  if (typeof credentials !== "object" || credentials === null) return null
  const given = credentials as Readonly<Record<string, unknown>>
  const url = given.connectionString ?? given.url
  const ssl = sslOf(given.ssl)
  if (typeof url === "string" && url !== "") return { ...ssl, ...parseUrl(url, SOURCE) }
  const parts = {
    ...text("host", given.host), ...text("port", given.port), ...text("user", given.user),
    ...text("password", given.password), ...text("dbname", given.database), ...ssl,
  }
  return parts.host || parts.dbname ? parts : null
}

function text(key: string, value: unknown): Record<string, string> {
  if (value === undefined || value === null || value === "") return {}
  if (typeof value !== "string" && typeof value !== "number") throw new Fault("usage", `${SOURCE}: ${key} is neither a text nor a number`, "write it as in drizzle-kit's documentation")
  return { [key]: String(value) }
}

/** drizzle-kit hands `ssl` to `pg`: a word, `true` (verify), `false`, or TLS options. */
function sslOf(ssl: unknown): Parts {
  if (ssl === undefined || ssl === null) return {}
  if (typeof ssl === "boolean") return { sslmode: ssl ? "verify-full" : "disable" }
  if (typeof ssl === "string" && SSL_MODES.includes(ssl as SslMode)) return { sslmode: ssl }
  if (typeof ssl !== "object") throw new Fault("usage", `${SOURCE}: ssl has a value that does not exist`, `ssl is true, false, TLS options or one of ${SSL_MODES.join(", ")}`)
  const options = ssl as Readonly<Record<string, unknown>>
  return {
    sslmode: options.rejectUnauthorized === false ? "require" : "verify-full",
    ...(options.rejectUnauthorized !== false && typeof options.ca === "string" && { sslrootcert: options.ca }),
    ...(typeof options.cert === "string" && { sslcert: options.cert }),
    ...(typeof options.key === "string" && { sslkey: options.key }),
  }
}
