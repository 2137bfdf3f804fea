import { Fault } from "../core/fault.ts"
import type { Session } from "../core/types.ts"
import { blockers, holderText, lockHolder, LOCK_KEY } from "./holder.ts"
import { withLockWait } from "./lock-wait.ts"
import { PATIENCE, type Patience } from "./patience.ts"
import { hasCode } from "./pg-error.ts"
import { freshState, settingsFor } from "./session-state.ts"

/**
 * Runs `work` in one transaction that holds the migration lock of a schema, as a migration does; commits what it did, or nothing.
 * Waits for another runner with a try-lock. Throws `locked`, naming who is in the way, where the application holds a lock that is needed.
 */
export async function inLockedTransaction<T>(session: Session, schema: string, work: () => Promise<T>, patience: Partial<Patience> = {}): Promise<T> {
  const done = await withLockWait({ ...PATIENCE, ...patience }, schema, () => attempt(session, schema, work))
  return done.value
}

type Attempt<T> = { readonly kind: "done"; readonly value: T } | { readonly kind: "busy"; readonly holder: Awaited<ReturnType<typeof lockHolder>> }

async function attempt<T>(session: Session, schema: string, work: () => Promise<T>): Promise<Attempt<T>> {
  await freshState(session)
  const settings = await settingsFor(session, { schema }, "local")
  try {
    await session.script(`begin isolation level read committed read write; ${settings}`)
    const [row] = await session.query<{ got: boolean }>(`select pg_try_advisory_xact_lock(${LOCK_KEY}) as got`, [schema])
    if (!row!.got) {
      await session.script("rollback")
      return { kind: "busy", holder: await lockHolder(session, schema) }
    }
    const value = await work()
    await session.script("commit")
    return { kind: "done", value }
  } catch (error) {
    await session.script("rollback").catch(() => {}) // a dead session has rolled back already
    throw hasCode(error, "55P03") ? await inTheWay(session, schema, error) : error
  }
}

async function inTheWay(session: Session, schema: string, error: unknown): Promise<Fault> {
  const who = await blockers(session, schema).catch(() => [])
  return new Fault("locked", [`another session holds a lock that is needed; nothing was changed`, ...who.map(one => `  ${holderText(one)}`)].join("\n"), "end what it does, then run the command again", error)
}
