import type { Actor, AuditEvent } from "../../core/audit.ts"
import type { Context } from "../../core/context.ts"
import { Fault } from "../../core/fault.ts"
import { versionOf } from "../../core/plan.ts"
import { refuseTrouble, splitStatements } from "../../core/statements.ts"
import type { Step, StepEvent, Steps, WaitLimits } from "../../core/steps.ts"
import { findingsOf, type Finding } from "../../core/tamper.ts"
import type { Applied, Database, Migration } from "../../core/types.ts"
import { auditFailure } from "./audit.ts"
import { HOME, withSession } from "../database.ts"

type Target = Pick<Steps, "direction" | "env" | "database">

export interface StepsRun {
  readonly ctx: Context
  readonly database: Database
  readonly target: Target
  readonly steps: readonly Migration[]
  /** As read before the first step. */
  readonly ledger: readonly Applied[]
  /** Who does it; its `runId` is the run's. */
  readonly actor: Actor
  /** The planner's question for one migration, asked again under the lock. */
  readonly expect: (migration: Migration) => (now: readonly Applied[]) => "apply" | "already"
  readonly onStep: (event: StepEvent) => void
  readonly limits?: WaitLimits
}

/** The ledger's rows; none where there is no ledger yet. */
export async function ledgerOf(database: Database): Promise<readonly Applied[]> {
  const { readLedger } = await import("../../pg/ledger.ts")
  return withSession(database, async session => (await readLedger(session, HOME)) ?? [])
}

/** What was done to the ledger behind nself's back. Ledger and audit table are read as of one moment: another runner may be at work. */
export async function findingsIn(database: Database, files: readonly Migration[]): Promise<readonly Finding[]> {
  const [{ readLedger }, { notedRows }, { inSnapshot }] = await Promise.all([import("../../pg/ledger.ts"), import("../../pg/audit.ts"), import("../../pg/snapshot.ts")])
  return withSession(database, session => inSnapshot(session, async () => findingsOf(files, await readLedger(session, HOME), await notedRows(session, HOME, HOME))))
}

/** The result of a run that changes nothing: a dry run, or nothing to do. */
export function planned(target: Target, steps: readonly Migration[], ledger: readonly Applied[], dryRun: boolean): Steps {
  return { ...target, dryRun, version: versionOf(ledger), steps: steps.map(step => rowOf(target, step, "planned")), failure: null }
}

/** Refuses, before anything runs, a step whose file would begin or end a transaction or read rows from a client. */
async function refuseTroubles({ direction }: Target, steps: readonly Migration[]): Promise<void> {
  for (const { up, down } of steps) {
    const file = direction === "up" ? up : down!
    refuseTrouble(file, await splitStatements(file.text))
  }
}

/** Takes the steps one after the other; the first that fails or a signal ends it, and the rest is named as skipped. */
export async function runSteps({ ctx, database, target, steps, ledger, actor, expect, onStep, limits = {} }: StepsRun): Promise<Steps> {
  await refuseTroubles(target, steps)
  const { openMigrator } = await import("../../pg/migrator.ts")
  const migrator = openMigrator(database, splitStatements, { signal: ctx.signal, waiting: ctx.talk, ...limits })
  const rows: Step[] = []
  let failure: Fault | null = null
  try {
    for (const migration of steps) {
      if (failure) {
        rows.push(rowOf(target, migration, "skipped"))
        continue
      }
      onStep({ state: "started", name: migration.name })
      const done = await migrator
        .apply({
          direction: target.direction, migration, schema: HOME, runId: actor.runId, version: ctx.version, expect: expect(migration), signal: ctx.signal,
          audit: { home: HOME, actor }, limits,
        })
        .catch((error: unknown) => faultOf(error))
      failure = done instanceof Fault ? done : null
      if (failure) await auditFailure(database, actor, failed(target, migration, failure))
      rows.push(done instanceof Fault ? rowOf(target, migration, "failed") : rowOf(target, migration, done.kind === "already" ? "already" : "done", done.kind === "applied" ? done.durationMs : null))
      onStep(eventOf(rows.at(-1)!))
    }
  } finally {
    await migrator.close()
  }
  return { ...target, dryRun: false, version: versionAfter(target, ledger, steps, rows), steps: rows, failure }
}

function failed({ direction }: Target, { seq, name, up }: Migration, { message }: Fault): Omit<AuditEvent, "result"> {
  return { action: direction, schema: HOME, version: seq, name, before: direction === "up" ? null : up.sha256, after: direction === "up" ? up.sha256 : null, detail: message }
}

function eventOf({ name, state, durationMs }: Step): StepEvent {
  return state === "done" ? { state, name, durationMs: durationMs ?? 0 } : state === "already" ? { state, name } : { state: "failed", name }
}

function rowOf({ direction }: Target, migration: Migration, state: Step["state"], durationMs: number | null = null): Step {
  const file = direction === "up" ? migration.up : migration.down!
  return { name: migration.name, path: file.path, sql: file.text, state, durationMs }
}

function versionAfter({ direction }: Target, ledger: readonly Applied[], steps: readonly Migration[], rows: readonly Step[]): number {
  const taken = new Set(steps.filter((_, i) => rows[i]!.state === "done" || rows[i]!.state === "already").map(step => step.seq))
  const before = ledger.filter(row => row.state === "applied").map(row => row.seq)
  return direction === "up" ? Math.max(0, ...before, ...taken) : Math.max(0, ...before.filter(seq => !taken.has(seq)))
}

function faultOf(error: unknown): Fault {
  if (error instanceof Fault) return error
  throw error
}
