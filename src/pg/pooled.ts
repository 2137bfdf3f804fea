import type { Session } from "../core/types.ts"

/** The server process that answers a client at this moment. */
type AskPid = () => Promise<number>

const between = new WeakMap<Session, () => Promise<boolean>>()

/**
 * Remembers that a session's server process is not the one that greeted it: a pooler stands between. Whether it gives every transaction another process
 * (FAULTS.md, rule 5) is asked only when that matters.
 *
 * @param other  opens a second client, and closes it again
 */
export function markBehindPooler(session: Session, other: <T>(work: (pid: AskPid) => Promise<T>) => Promise<T>): void {
  let known: Promise<boolean> | null = null
  between.set(session, () => (known ??= sharesProcess(session, other)))
}

/** What is known of `inner` holds for the session that stands in for it, too. */
export function standIn(outer: Session, inner: Session): void {
  const known = between.get(inner)
  if (known) between.set(outer, known)
}

/** Whether a pooler stands between, of whatever kind: what is known without asking. */
export const mayBePooled = (session: Session): boolean => between.has(session)

/** Whether a pooler stands between that does not keep one server process for one client, so that session locks and settings do not hold. */
export async function isPooled(session: Session): Promise<boolean> {
  return (await between.get(session)?.()) ?? false
}

/** Looks, at most, at two clients. A busy pooler may give each another process for a while. */
const LOOKS = 12

/** In session mode a client keeps its process, and no two have the same; in transaction mode two idle clients meet, or one of them moves. */
async function sharesProcess(session: Session, other: <T>(work: (pid: AskPid) => Promise<T>) => Promise<T>): Promise<boolean> {
  const mine = async (): Promise<number> => (await session.query<{ pid: number }>("select pg_backend_pid() as pid"))[0]!.pid
  return other(async theirs => {
    const [first, second] = [await mine(), await theirs()]
    for (let look = 0; look < LOOKS; look++) {
      const [a, b] = [await mine(), await theirs()]
      if (a === b || a !== first || b !== second) return true
    }
    return first === second
  })
}
