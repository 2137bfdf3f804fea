import type { Session } from "../core/types.ts"

const pooled = new WeakSet<Session>()

/** Remembers that a session's server process is not the one that greeted it: a pooler stands between (FAULTS.md, rule 5). */
export function markPooled(session: Session): void {
  pooled.add(session)
}

/** Whether a pooler stands between, so that session locks and settings do not hold from one transaction to the next. */
export function isPooled(session: Session): boolean {
  return pooled.has(session)
}
