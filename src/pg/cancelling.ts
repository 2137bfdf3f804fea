import type { Session } from "../core/types.ts"

/** How often the server is asked again. Milliseconds. */
const AGAIN_MS = 200

/**
 * Runs `work`; from a signal on the server is asked, until `work` ends, to stop what these sessions run: one cancellation may come between two statements, before a
 * session is there, or to a statement that catches it. When this ends, so have the cancellations: none comes to what is said afterwards.
 *
 * @param sessions  those of the moment; asked each time
 */
export async function cancelling<T>(signal: AbortSignal | undefined, sessions: () => readonly (Session | null)[], work: () => Promise<T>): Promise<T> {
  let asking: Timer | undefined
  const asked: Promise<void>[] = []
  const cancel = (): void => {
    for (const session of sessions()) if (session) asked.push(session.cancel())
    asking ??= setInterval(cancel, AGAIN_MS)
  }
  signal?.addEventListener("abort", cancel, { once: true })
  if (signal?.aborted) cancel()
  try {
    return await work()
  } finally {
    clearInterval(asking)
    signal?.removeEventListener("abort", cancel)
    await Promise.all(asked)
  }
}
