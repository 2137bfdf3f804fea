import { Fault } from "../../core/fault.ts"
import { isTransient } from "../patience.ts"
import { hasCode, isLost, isPgError } from "../pg-error.ts"

/**
 * What an error means for a run over many tenants (FAULTS.md, section 6).
 *
 * - `retry`: the same tenant again, a little later
 * - `lost`: the session is gone; what it ran may be committed, so the ledger is read before anything is said
 * - `full`: the server has no free connection; go on with fewer
 * - `server`: it cannot be reached just now; all tenants there wait
 * - `closed`: it will not have us, whoever tries: all tenants there fail
 * - `stop`: it would meet every tenant: no other one is begun
 * - `tenant`: this tenant's own matter
 */
export type Trouble = "retry" | "lost" | "full" | "server" | "closed" | "stop" | "tenant"

const WIRE = ["ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT", "ENOTFOUND", "EAI_AGAIN", "ENOENT", "EHOSTUNREACH", "ENETUNREACH", "57P03", "57P01", "57P02"]

/** Out of disk, out of locks: the next tenant would have the same. */
const STOPS = ["53100", "53200"]

/** An error of a session that was open. */
export function troubleOf(error: unknown): Trouble {
  const cause = error instanceof Fault ? error.cause : error
  if (hasCode(cause, ...STOPS)) return "stop"
  if (error instanceof Fault) return "tenant"
  if (isLost(error)) return "lost"
  return isTransient(error) ? "retry" : "tenant"
}

/** An error on the way to a session. */
export function connectTrouble(error: unknown): Trouble {
  const cause = error instanceof Fault ? error.cause : error
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : ""
  if (code === "53300") return "full"
  if (code === "3D000" || code === "42501") return "tenant"
  if (isPgError(cause) && code.startsWith("28")) return "closed"
  const said = cause instanceof Error ? cause.message : ""
  if (WIRE.includes(code) || isLost(cause) || /timeout expired|terminated|ECONNREFUSED|closed/.test(said)) return "server"
  return "closed"
}
