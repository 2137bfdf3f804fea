import { Fault } from "../core/fault.ts"
import { ident } from "../core/ident.ts"
import { isPgError } from "./pg-error.ts"
import { hostLabel, type ConnectionSettings, type Host } from "./settings.ts"

/** Whether the server was reached and gave an answer that another host or another attempt would not change. */
export function isFinal(error: unknown): boolean {
  return error instanceof Fault || (isPgError(error) && (error.code.startsWith("28") || error.code === "3D000" || error.code === "42501"))
}

/** Why no session could be opened, with what to do; never with the password. */
export function connectFault(settings: ConnectionSettings, host: Host, error: unknown): Fault {
  if (error instanceof Fault) return error
  const at = hostLabel(host)
  const who = `user ${settings.user}`
  const [message, hint] = isPgError(error) ? serverSaid(settings, at, who, error) : wireSaid(settings, at, who, error)
  return new Fault("failed", message, hint, withoutPassword(settings, error))
}

type Said = readonly [message: string, hint: string]

function serverSaid(settings: ConnectionSettings, at: string, who: string, error: { code: string; message: string }): Said {
  const from = settings.source
  switch (error.code) {
    case "28P01": return [`${at} refuses the password of ${who}`, `check user and password in ${from}`]
    case "28000": return [`${at} refuses ${who}: ${error.message}`, `check the user in ${from}, and pg_hba.conf on the server`]
    case "3D000": return [`database ${ident(settings.database)} does not exist at ${at} (${who})`, `create it: createdb -h ${at.split(":")[0]} ${settings.database}, or check ${from}`]
    case "42501": return [`${who} may not connect to database ${ident(settings.database)} at ${at}: ${error.message}`, `as its owner: GRANT CONNECT ON DATABASE ${ident(settings.database)} TO ${ident(settings.user)}`]
    case "53300": return [`${at} has no free connection for ${who}: ${error.message}`, "close other clients, or raise max_connections"]
    case "57P03": return [`${at} does not take connections yet (${who}): ${error.message}`, "try again in a moment"]
    default: return [`${at} refuses the connection of ${who}: ${error.message}`, `check ${from}`]
  }
}

function wireSaid(settings: ConnectionSettings, at: string, who: string, error: unknown): Said {
  const code = error instanceof Error && "code" in error ? String(error.code) : ""
  const said = error instanceof Error ? error.message : String(error)
  const check = `start the server, or check the address in ${settings.source}`
  if (said.includes("does not support SSL")) return [`${at} does not offer TLS (${who})`, "turn TLS on at the server, or say sslmode=disable if the network is trusted"]
  if (said.includes("client password must be")) return [`${at} asks for a password and none was given for ${who}`, `put it in ${settings.source} or in PGPASSWORD`]
  if (isTls(code, said)) return [`the TLS certificate of ${at} was refused (${who}): ${said}`, tlsHint(code)]
  if (code === "ECONNREFUSED" || said.includes("ECONNREFUSED")) return [`no PostgreSQL answers at ${at} (${who}): connection refused`, check]
  if (code === "ENOTFOUND" || code === "EAI_AGAIN" || said.includes("ENOTFOUND") || code.startsWith("DNS")) return [`the host name of ${at} does not resolve (${who})`, `check the address in ${settings.source}`]
  if (said === "timeout expired" || code === "ETIMEDOUT") return [`no answer from ${at} within ${settings.connectTimeout} s (${who})`, check]
  if (code === "ENOENT") return [`no PostgreSQL socket at ${at} (${who})`, check]
  return [`cannot connect to ${at} (${who}): ${said}`, check]
}

function tlsHint(code: string): string {
  if (code === "CERT_HAS_EXPIRED" || code === "CERT_NOT_YET_VALID") return "renew the server's certificate, and check the clock of this machine"
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") return "connect with a host name that stands in the certificate, or have it made out for this one"
  return "give the authority's file with sslrootcert=…, or check the host name; sslmode=require skips this check"
}

/** OpenSSL's verification results (`DEPTH_ZERO_SELF_SIGNED_CERT`, `CERT_HAS_EXPIRED` …) and the name check. */
function isTls(code: string, said: string): boolean {
  return code.includes("CERT") || code.includes("SSL") || code.includes("TLS") || code.startsWith("UNABLE_TO_") || /certificate|altname/i.test(said)
}

/** Drivers put neither the password nor the URL into their messages; should one do so, its error is not kept as the cause. */
function withoutPassword(settings: ConnectionSettings, error: unknown): unknown {
  return settings.password && Bun.inspect(error).includes(settings.password) ? undefined : error
}
