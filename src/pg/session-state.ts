import { ident } from "../core/ident.ts"
import type { Session } from "../core/types.ts"
import { hasCode } from "./pg-error.ts"
import type { Limits, Step } from "./step.ts"

/** Forgets what an earlier file left in the session: settings, role, temporary tables, prepared statements, session locks. */
export async function freshState(session: Session): Promise<void> {
  await session.script("discard all")
}

/** Milliseconds a statement waits for a lock before the transaction is given up and tried again: application reads queue behind it. */
export const LOCK_TIMEOUT_MS = 500

export const lockTimeoutMs = ({ limits }: { readonly limits?: Limits | undefined }): number => limits?.lockTimeoutMs ?? LOCK_TIMEOUT_MS

/**
 * `search_path` of a migration: the home schema, the extensions' schema, and never `public` behind them.
 * `pg_temp` last, or a temporary table would hide a real one.
 */
export function searchPath(schema: string, extensionSchema: string | null | undefined): string {
  const schemas = extensionSchema && extensionSchema !== schema ? [schema, extensionSchema] : [schema]
  return [...schemas.map(ident), "pg_temp"].join(", ")
}

/** For a transaction in which nself thinks between its questions: a role's own limit may be shorter than that takes on a slow machine, and would end it (SQLSTATE 25P03). */
export const MAY_THINK = "set local idle_in_transaction_session_timeout = 0"

/** The settings of a migration's transaction (`local`) or of a session that runs statement by statement. A role's own settings must not kill or bend it. */
export async function settingsFor(session: Session, place: Place, scope: "local" | "session"): Promise<string> {
  return settingsWith(place, scope, await canCheckClient(session)).join("; ")
}

type Place = Pick<Step, "schema" | "extensionSchema" | "limits">

/** The same, one statement each. `checks`: what `canCheckClient` says. */
export function settingsWith({ schema, extensionSchema, limits }: Place, scope: "local" | "session", checks: boolean): readonly string[] {
  const all = {
    search_path: searchPath(schema, extensionSchema),
    lock_timeout: `'${lockTimeoutMs({ limits })}ms'`,
    statement_timeout: `'${limits?.statementTimeoutMs ?? 0}ms'`,
    idle_in_transaction_session_timeout: "'60s'",
    standard_conforming_strings: "on",
    ...(checks && { client_connection_check_interval: "'1s'" }),
  }
  return Object.entries(all).map(([name, value]) => `set ${scope} ${name} = ${value}`)
}

/** Whether the server can notice that its client died; it cannot on every platform, and then refuses the setting. */
const checked = new WeakMap<Session, boolean>()

/** To be asked outside of a transaction: the question may fail. */
export async function canCheckClient(session: Session): Promise<boolean> {
  const known = checked.get(session)
  if (known !== undefined) return known
  if (session.engine.startsWith("embedded")) return false
  const can = await session.script("set client_connection_check_interval = '1s'").then(() => true, (error: unknown) => {
    if (hasCode(error, "22023", "42704")) return false
    throw error
  })
  checked.set(session, can)
  return can
}
