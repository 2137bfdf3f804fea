import type { ConnectionOptions } from "node:tls"
import { Fault } from "../core/fault.ts"
import { sslModeFor, type ConnectionSettings } from "./settings.ts"

/** How one attempt is made: without TLS, or with these options. */
export type Attempt = false | ConnectionOptions

/** The attempts libpq would make for this host, in order; the next one only if the server does not speak the one before. */
export async function attemptsFor(settings: ConnectionSettings, host: string): Promise<readonly Attempt[]> {
  const mode = sslModeFor(settings, host)
  if (mode === "disable") return [false]
  const secure = await optionsFor(settings, mode)
  if (mode === "allow") return [false, secure]
  if (mode === "prefer") return [secure, false]
  return [secure]
}

async function optionsFor(settings: ConnectionSettings, mode: string): Promise<ConnectionOptions> {
  const rootCert = settings.sslRootCert === "system" ? null : settings.sslRootCert
  // As in libpq: a root certificate makes `require` behave as `verify-ca`.
  const verify = mode.startsWith("verify") || (mode === "require" && settings.sslRootCert !== null)
  return {
    rejectUnauthorized: verify,
    ...(mode !== "verify-full" && { checkServerIdentity: () => undefined }),
    ...(rootCert && { ca: await pem("sslrootcert", rootCert) }),
    ...(settings.sslCert && { cert: await pem("sslcert", settings.sslCert) }),
    ...(settings.sslKey && { key: await pem("sslkey", settings.sslKey) }),
  }
}

/** The text of a PEM file, or the text itself where the settings hold one. */
async function pem(key: string, path: string): Promise<string> {
  if (path.startsWith("-----BEGIN")) return path
  return await Bun.file(path).text().catch((error: unknown) => {
    throw new Fault("failed", `cannot read the file of ${key}: ${path}`, `check ${key} in the connection settings`, error)
  })
}
