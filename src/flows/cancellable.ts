import type { Fault } from "../core/fault.ts"
import type { Session } from "../core/types.ts"

/** Runs `work`; a signal meanwhile asks the server to stop what the session runs, and `work`'s failure then becomes this fault. */
export async function cancellable<T>(signal: AbortSignal, session: Session, stopped: () => Fault, work: () => Promise<T>): Promise<T> {
  const cancel = (): void => void session.cancel()
  signal.addEventListener("abort", cancel, { once: true })
  try {
    return await work()
  } catch (error) {
    throw signal.aborted ? stopped() : error
  } finally {
    signal.removeEventListener("abort", cancel)
  }
}
