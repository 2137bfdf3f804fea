import type { Fault } from "../../core/fault.ts"
import type { Clock } from "../../core/pool.ts"
import type { Session } from "../../core/types.ts"
import type { Item, Visited, Visiting } from "./visit.ts"

/** How long a run over tenants waits. Milliseconds. */
export interface Limits {
  /** For another runner that is at a tenant. */
  readonly lockWaitMs: number
  /** For the application's locks in one tenant: lock time-outs, deadlocks. */
  readonly retryForMs: number
  /** For a server that cannot be reached, while the others go on. */
  readonly serverForMs: number
}

/** A minute each: fifteen for one tenant of ten thousand would hold up the rollout. */
export const LIMITS: Limits = { lockWaitMs: 60_000, retryForMs: 60_000, serverForMs: 30_000 }

/** One server on its way through a run. */
export interface Server {
  readonly name: string
  width: number
  /** Since when it cannot be reached; `null`: it can. */
  downSince: number | null
  /** Why nobody tries it any more. */
  dead: Fault | null
}

export interface ServerRun {
  readonly server: Server
  readonly items: readonly Item[]
  readonly visiting: Visiting
  readonly limits: Limits
  readonly clock: Clock & { readonly random: () => number }
  /** What became of a tenant; called once for each that is not given back. */
  readonly settle: (item: Item, end: Exclude<Visited, "busy"> | Fault) => void
  /** Whether tenants that are alike may share a message: `stopped` is not asked between them. */
  readonly batches: boolean
  /** Asked before each tenant, or each message for several. */
  readonly stopped: () => boolean
  /** No other tenant is to be begun, because of this fault. */
  readonly stop: (fault: Fault) => void
  /** Before the first visit of a place that is not the project's database. */
  readonly enter: (session: Session, item: Item) => Promise<void>
}
