import type { Session } from "../core/types.ts"
import { MAY_THINK } from "./session-state.ts"

/** What is read in `work` is all of one moment, whatever others commit meanwhile; nothing can be written in it. */
export async function inSnapshot<T>(session: Session, work: () => Promise<T>): Promise<T> {
  await session.script(`begin isolation level repeatable read read only; ${MAY_THINK}`)
  try {
    return await work()
  } finally {
    await session.script("rollback").catch(() => {}) // a dead session has rolled back already
  }
}
