import type { Fault } from "./fault.ts"

/** What became of one tenant. */
export interface TenantRow {
  readonly slug: string
  readonly schema: string
  /** Its database, without password. */
  readonly database: string
  /** `already`: nothing was pending, or another runner was faster; `skipped`: not tried; `planned`: a dry run. */
  readonly state: "applied" | "already" | "failed" | "skipped" | "planned"
  /** The newest applied number before and after; 0 for none, `null` where it is not known. */
  readonly from: number | null
  readonly to: number | null
  readonly durationMs: number | null
  readonly fault: Fault | null
}

/** One wave of a rollout and what the check behind it said. */
export interface WaveRow {
  readonly tenants: number
  readonly failed: number
  /** `null`: there was no check, or it was not reached. */
  readonly check: "passed" | "failed" | null
  /** What the check said when it failed. */
  readonly said: string
}

/** The result of `up` and `down` over tenants: one row per tenant, the ones not tried named too. */
export interface TenantRun {
  readonly direction: "up" | "down"
  readonly env: string
  readonly dryRun: boolean
  /** Whether one tenant was asked for by name. */
  readonly single: boolean
  /** Where the list came from. */
  readonly source: string
  readonly tenants: readonly TenantRow[]
  /** Left out because of their status. */
  readonly left: readonly string[]
  /** Files that were pending somewhere, oldest first; reversed on the way back. */
  readonly files: readonly { readonly name: string; readonly path: string; readonly sql: string }[]
  readonly waves: readonly WaveRow[]
  /** Why tenants were not tried; `null` where all were. */
  readonly stopped: string | null
  readonly elapsedMs: number
}

/** A moment of a run over tenants, for the live line. Times in milliseconds. */
export interface TenantProgress {
  readonly total: number
  readonly done: number
  readonly failed: number
  readonly elapsedMs: number
}
