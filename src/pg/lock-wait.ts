import { Fault } from "../core/fault.ts"
import { holderText, type Holder } from "./holder.ts"
import { pause, pauseMs, type Patience } from "./patience.ts"

/** What a try at the lock gives when another runner has it. */
export interface Busy {
  readonly kind: "busy"
  readonly holder: Holder | null
}

/**
 * Tries until the lock is free, with growing pauses. Never waits inside PostgreSQL: a waiting transaction would stop every
 * CREATE INDEX CONCURRENTLY (FAULTS.md, 2b). Throws `locked`, naming the holder, after `lockWaitMs`.
 */
export async function withLockWait<T extends { readonly kind: string }>(patience: Patience, schema: string, attempt: () => Promise<T | Busy>): Promise<Exclude<T, Busy>> {
  const end = patience.now() + patience.lockWaitMs
  for (let tries = 1; ; tries++) {
    const outcome = await attempt()
    if (outcome.kind !== "busy") return outcome as Exclude<T, Busy>
    const left = end - patience.now()
    const { holder } = outcome as Busy
    if (left <= 0) throw lockedFault(schema, holder, patience.lockWaitMs)
    if (tries === 1) patience.waiting?.(`waiting for another runner that migrates schema ${schema}${holder ? `: ${holderText(holder)}` : ""}`)
    await pause(patience, Math.min(1000, pauseMs(tries, patience.random)), left)
  }
}

function lockedFault(schema: string, holder: Holder | null, waitedMs: number): Fault {
  const who = holder ? holderText(holder) : "its holder cannot be seen by this role"
  return new Fault("locked", `another runner holds the migration lock of schema ${schema} (waited ${Math.round(waitedMs / 1000)} s)\n  ${who}`,
    holder ? `wait for it, or, if it is dead: SELECT pg_terminate_backend(${holder.pid})` : "wait for it, then run the command again")
}
