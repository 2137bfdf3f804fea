import type { PgError } from "../core/types.ts"

/** Whether this is an error that PostgreSQL itself sent (it carries a five-character SQLSTATE) or one that stands for a lost connection. */
export function isPgError(error: unknown): error is Error & PgError {
  return error instanceof Error && "code" in error && typeof error.code === "string" && /^[0-9A-Z]{5}$/.test(error.code)
}

/** Whether PostgreSQL said no with one of these SQLSTATEs. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return isPgError(error) && codes.includes(error.code)
}

/** Whether the session is gone: what it ran may have been committed or not, only the ledger knows. */
export function isLost(error: unknown): boolean {
  return isPgError(error) && (error.code.startsWith("08") || ["57P01", "57P02", "57P03", "57P05", "25P03"].includes(error.code))
}

/** A lost connection as an error with SQLSTATE 08006, so that all errors of a session have one shape. */
export function lost(cause: unknown): Error & PgError {
  const said = cause instanceof Error ? cause.message : String(cause)
  return Object.assign(new Error(`connection lost: ${said}`, { cause }), { code: "08006" })
}
