import type { Actor, AuditEvent } from "../core/audit.ts"
import type { Applied, Migration, SqlFile } from "../core/types.ts"
import type { Holder } from "./holder.ts"

/** One migration to apply or to take back. */
export interface Step {
  readonly direction: "up" | "down"
  readonly migration: Migration
  /** The home schema; the ledger is in it. */
  readonly schema: string
  /** Where extensions live, when that is not the home schema. */
  readonly extensionSchema?: string | null
  /** A uuid. */
  readonly runId: string
  /** nself's own version. */
  readonly version: string
  /** Where it is written down who did it, in the transaction of the step itself; left out: nowhere. */
  readonly audit?: { readonly home: string; readonly actor: Actor }
  /** The planner's check over the ledger as it is under the lock. Throws a Fault when the step is not to be taken any more. */
  readonly expect: (ledger: readonly Applied[]) => "apply" | "already"
  readonly signal?: AbortSignal
  readonly limits?: Limits
  /** One line each time something is waited for. */
  readonly talk?: (line: string) => void
}

/** What PostgreSQL itself stops. Milliseconds. */
export interface Limits {
  /** How long a statement waits for a lock before the whole transaction is given up and tried again; 500 unless said. */
  readonly lockTimeoutMs?: number
  /** How long a statement may run; for ever unless said. */
  readonly statementTimeoutMs?: number
}

export type Outcome =
  | { readonly kind: "applied"; readonly durationMs: number }
  /** Another runner did it. */
  | { readonly kind: "already" }
  | { readonly kind: "busy"; readonly holder: Holder | null }

/** The text that the step runs. A missing down file is the planner's matter; it must not come this far. */
export function fileOf(step: Pick<Step, "direction" | "migration">): SqlFile {
  const file = step.direction === "up" ? step.migration.up : step.migration.down
  if (!file) throw new Error(`${step.migration.name} has no down file`)
  return file
}

/** The step as it is written down once it is done. */
export function eventOf({ direction, migration, schema }: Pick<Step, "direction" | "migration" | "schema">): AuditEvent {
  const up = direction === "up"
  return {
    action: direction, schema, version: migration.seq, name: migration.name, before: up ? null : migration.up.sha256, after: up ? migration.up.sha256 : null,
    result: "done", detail: null,
  }
}
