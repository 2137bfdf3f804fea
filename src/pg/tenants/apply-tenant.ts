import { Fault } from "../../core/fault.ts"
import { ident } from "../../core/ident.ts"
import type { PgError, Session } from "../../core/types.ts"
import { LEDGER } from "../ledger.ts"
import { isTransient } from "../patience.ts"
import { hasCode, isLost, isPgError } from "../pg-error.ts"
import { canCheckClient, settingsWith } from "../session-state.ts"
import { sqlFault } from "../sql-fault.ts"
import { atHand, unlearn } from "./at-hand.ts"
import { BUSY, CHANGED, entering, HOMELESS, messageFor, textFor, type Message, type TenantWork, type Wording } from "./message.ts"

/** `changed`: the ledger is not the one that the plan was made from, somebody else was here; nothing was done. */
export type TenantOutcome = { readonly kind: "applied"; readonly durationMs: number } | { readonly kind: "busy" | "changed" }

/**
 * One try at one tenant: all its files in one transaction, sent as one message. They commit with their rows or not at all.
 *
 * Throws a `failed` Fault with a code frame when PostgreSQL refuses a statement, and PostgreSQL's own error where trying again can help.
 */
export async function applyTenant(session: Session, work: TenantWork, extensionSchema: string | null, cancelled: () => boolean): Promise<TenantOutcome> {
  const wording = await wordingFor(session, work, extensionSchema)
  const started = performance.now()
  try {
    await session.script(textFor(work, wording))
    return { kind: "applied", durationMs: Math.round(performance.now() - started) }
  } catch (error) {
    // a text that cannot be parsed fails before its BEGIN, and a ROLLBACK would be warned of
    if (!isPgError(error) || (error as PgError).statement !== 0) await session.script("rollback").catch(() => {})
    const guard = guardOf(error)
    if (guard === "homeless") throw noSchema(work.schema)
    if (guard) return { kind: guard }
    if (hasCode(error, "26000") && wording.enter !== entering(work)) {
      unlearn(session, entering(work))
      return applyTenant(session, work, extensionSchema, cancelled)
    }
    if (!isPgError(error) || isLost(error) || isTransient(error) || (error.code === "57014" && cancelled())) throw error
    throw faultOf(work, messageFor(work, wording.settingsOf(work.schema), wording.enter), error)
  }
}

/** How this session says it, here and at tenants like this one. */
export async function wordingFor(session: Session, work: TenantWork, extensionSchema: string | null): Promise<Wording> {
  const checks = await canCheckClient(session)
  const behind = extensionSchema === work.schema ? null : extensionSchema
  const enter = await atHand(session, entering(work))
  return {
    settingsOf: schema => settingsWith({ schema, extensionSchema: behind, ...(work.limits && { limits: work.limits }) }, "local", checks),
    enter, kind: `${enter === entering(work)} ${checks} ${behind} ${work.limits ? JSON.stringify(work.limits) : ""}`,
  }
}

/** Which guard stopped the message. A row of the ledger that is there although its digest was as expected is one that a runner without the lock wrote. */
export function guardOf(error: unknown): "busy" | "changed" | "homeless" | null {
  if (hasCode(error, "23505") && (error as Error & PgError).constraint === `${LEDGER}_pkey`) return "changed"
  if (!hasCode(error, "22P02") || !(error instanceof Error)) return null
  return error.message.includes(BUSY) ? "busy" : error.message.includes(CHANGED) ? "changed" : error.message.includes(HOMELESS) ? "homeless" : null
}

/** A mistyped or missing schema must never mean another one. */
export function noSchema(schema: string): Fault {
  return new Fault("failed", `schema ${ident(schema)} does not exist, or this role may not use it`,
    `CREATE SCHEMA ${ident(schema)}, or GRANT USAGE ON SCHEMA ${ident(schema)} TO the role`)
}

function faultOf(work: TenantWork, message: Message, error: Error & PgError): Fault {
  const at = partOf(message, error)
  const nothing = "Nothing of this tenant was changed."
  if (!at) return bookFault(work.schema, error)
  const { prepared } = at.part
  const relative = error.statement === undefined ? undefined : error.statement - at.part.statement
  return sqlFault(prepared.file, Object.assign(error, { statement: relative }), prepared.statements, at.atCommit ? `PostgreSQL said so at COMMIT (a deferred constraint). ${nothing}` : nothing, -at.before)
}

/** The file an error belongs to: by its position in the text where there is one, else by the number of the statement. */
function partOf(message: Message, error: PgError): { readonly part: Message["parts"][number]; readonly before: number; readonly atCommit: boolean } | null {
  const found = message.parts.map(part => ({ part, before: [...message.text.slice(0, part.at)].length }))
  const position = Number(error.position ?? 0)
  const statement = error.statement ?? -1
  const hit = found.find(({ part, before }) => position > 0
    ? position > before && position <= before + [...part.prepared.file.text].length + 1
    : statement >= part.statement && statement < part.statement + part.prepared.statements.length)
  if (hit) return { ...hit, atCommit: false }
  return position === 0 && statement === message.commit ? { ...found.at(-1)!, atCommit: true } : null
}

/** nself's own statements were refused: the ledger cannot be made or written. */
function bookFault(schema: string, error: Error & PgError): Fault {
  return new Fault("failed", `the ledger in schema ${ident(schema)} cannot be written: ${error.message} (SQLSTATE ${error.code})`,
    error.code === "42501" ? `as its owner: GRANT USAGE, CREATE ON SCHEMA ${ident(schema)} TO the role` : "nself db migrate status --all-tenants", error)
}
