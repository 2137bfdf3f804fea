import type { Fault } from "../core/fault.ts"
import type { Session } from "../core/types.ts"
import { cancelling } from "../pg/cancelling.ts"

/** Runs `work`; a signal meanwhile asks the server to stop what the session runs, and `work`'s failure then becomes this fault. */
export async function cancellable<T>(signal: AbortSignal, session: Session, stopped: () => Fault, work: () => Promise<T>): Promise<T> {
  return cancelling(signal, () => [session], work).catch((error: unknown) => {
    throw signal.aborted ? stopped() : error
  })
}
