import type { Fault } from "./fault.ts"

/** What a command did at one tenant. */
export interface EachRow<T> {
  readonly slug: string
  readonly schema: string
  /** `skipped`: not tried, after a signal. */
  readonly state: "done" | "failed" | "skipped"
  /** `null` where it was not tried or did not come that far. */
  readonly result: T | null
  readonly fault: Fault | null
}

/** The result of a command that does the same at each tenant. */
export interface EachTenant<T> {
  readonly env: string
  readonly tenants: readonly EachRow<T>[]
  /** Left out because of their status. */
  readonly left: readonly string[]
  readonly elapsedMs: number
}
