import { Fault } from "../core/fault.ts"
import { hasCode } from "./pg-error.ts"

/** How long nself waits for others, and how. Times in milliseconds. */
export interface Patience {
  /** For another runner's migration lock; 0: one look. */
  readonly lockWaitMs: number
  /** For lock time-outs, deadlocks, serialization failures and lost connections. */
  readonly retryForMs: number
  /** How long a statement may be silent before another session asks whether the server is still there. */
  readonly watchMs: number
  readonly now: () => number
  /** From 0 to 1. */
  readonly random: () => number
  readonly sleep: (ms: number) => Promise<void>
  /** One line each time nself begins to wait. */
  readonly waiting?: (line: string) => void
  readonly signal?: AbortSignal
}

/** One minute for another runner, a quarter of an hour for the application's locks. */
export const PATIENCE: Patience = {
  lockWaitMs: 60_000, retryForMs: 15 * 60_000, watchMs: 10_000,
  now: () => performance.now(), random: () => Math.random(), sleep: ms => Bun.sleep(ms),
}

const FIRST_PAUSE = 250
const LONGEST_PAUSE = 10_000

/** The pause before try `attempt` + 1 (from 1): doubled each time, at most 10 s, with full jitter, so that many runners do not march in step. */
export function pauseMs(attempt: number, random: () => number): number {
  const ceiling = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** Math.min(attempt - 1, 10))
  return Math.max(20, Math.round(random() * ceiling))
}

/** Lock time-out, serialization failure, deadlock: the whole transaction is worth another try. */
export function isTransient(error: unknown): boolean {
  return hasCode(error, "55P03", "40001", "40P01")
}

/** Sleeps, but no longer than `leftMs` and not past an interruption. Throws `interrupted` then. */
export async function pause(patience: Patience, ms: number, leftMs: number): Promise<void> {
  const { signal } = patience
  if (signal?.aborted) throw interrupted()
  const aborted = Promise.withResolvers<void>()
  const listen = (): void => aborted.resolve()
  signal?.addEventListener("abort", listen, { once: true })
  await Promise.race([patience.sleep(Math.min(ms, Math.max(1, leftMs))), aborted.promise])
  signal?.removeEventListener("abort", listen)
  if (signal?.aborted) throw interrupted()
}

/** The end after a signal, while nothing was being changed. */
export const interrupted = (): Fault => new Fault("interrupted", "interrupted; the migration that was running was rolled back", "nself db migrate status")
