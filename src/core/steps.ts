import type { Fault } from "./fault.ts"

/** One migration of a run, done or not. */
export interface Step {
  readonly name: string
  /** The file that runs: the up file, or the down file on the way back. */
  readonly path: string
  readonly sql: string
  /** `already`: another runner was faster; `skipped`: not tried, because an earlier one failed or a signal came; `planned`: a dry run. */
  readonly state: "done" | "already" | "failed" | "skipped" | "planned"
  readonly durationMs: number | null
}

/** The result of `up` and `down`: one row per migration, the ones not tried named too. */
export interface Steps {
  readonly direction: "up" | "down"
  readonly env: string
  /** The database's label, without password. */
  readonly database: string
  readonly dryRun: boolean
  /** The newest applied number afterwards; 0 for none. */
  readonly version: number
  readonly steps: readonly Step[]
  readonly failure: Fault | null
}

export type StepEvent =
  | { readonly state: "started"; readonly name: string }
  | { readonly state: "done"; readonly name: string; readonly durationMs: number }
  | { readonly state: "already" | "failed"; readonly name: string }

/** What was said of waiting; left out: what is usual. Milliseconds. */
export interface WaitLimits {
  /** For another runner's migration lock. */
  readonly lockWaitMs?: number
  /** For the application's locks and lost connections. */
  readonly retryForMs?: number
  readonly statementTimeoutMs?: number
}
