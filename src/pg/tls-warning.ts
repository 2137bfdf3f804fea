import { Fault } from "../core/fault.ts"
import { isLocal, sslModeFor, type ConnectionSettings } from "./settings.ts"

const DANGER = "NODE_TLS_REJECT_UNAUTHORIZED"

/**
 * What is to be said of a connection to another machine that does not check who answers; `null`: nothing.
 * Throws `refused` in prod when a variable is set that would take certificate checks from every program.
 */
export function tlsWarning(settings: ConnectionSettings, env: Readonly<Record<string, string | undefined>>, environment: string): string | null {
  if (env[DANGER] === "0" && environment === "prod") throw new Fault("refused", `${DANGER}=0 is set: no program started with it checks whom it talks to`, `unset ${DANGER}; give the authority's file with sslrootcert=…`)
  const open = settings.hosts.find(({ host }) => !isLocal(host) && host !== "postgres" && !sslModeFor(settings, host).startsWith("verify") && settings.sslRootCert === null)
  if (!open) return null
  const mode = sslModeFor(settings, open.host)
  const what = mode === "disable" || mode === "allow" ? "everybody on the way can read what is sent, the password's proof included" : "nobody checks that it is the right server"
  return `warning: sslmode=${mode} to ${open.host}: ${what}; verify-full does (with sslrootcert=… for an authority of your own)`
}
