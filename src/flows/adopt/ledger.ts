import { driftLines } from "../../core/compare.ts"
import type { Context } from "../../core/context.ts"
import { Fault } from "../../core/fault.ts"
import { appliedForeign } from "../../core/foreign-applied.ts"
import type { Foreign, Tool } from "../../core/foreign.ts"
import type { Journal } from "../../core/journal.ts"
import type { Database, Migration } from "../../core/types.ts"
import { actorOf } from "../runner/audit.ts"
import { HOME, withDatabase, withSession } from "../database.ts"
import { driftOf } from "../drift/diff.ts"
import { refuseWrongMark, settleMark } from "../runner/environment-mark.ts"
import { historyOf } from "../history/histories.ts"
import { readLive } from "../drift/live.ts"
import { hasEmbedded, refuseUnsaidProd, type Setup } from "../setup.ts"
import type { Shadows } from "../history/shadows.ts"

/** How a database was taken over. */
export interface LedgerAdopted {
  readonly database: string
  /** The other tool's table; `null`: it has none here, so nothing is applied. */
  readonly table: string | null
  readonly applied: number
  /** Not applied, though newer ones are. */
  readonly late: readonly string[]
  /** Applied in another text than the file has now. */
  readonly altered: readonly string[]
  /** Rows that no file answers to. */
  readonly unknown: readonly string[]
  /** Where the live catalog is not what the applied files make; empty where it is. */
  readonly differences: readonly string[]
  readonly engine: string
}

export interface LedgerInput {
  readonly request: { readonly url: string | null; readonly table: string | null; readonly dryRun: boolean }
  readonly shadows: Shadows
  readonly tool: Tool
  readonly pairs: readonly { readonly foreign: Foreign; readonly migration: Migration }[]
  readonly history: { readonly files: readonly Migration[]; readonly journal: Journal }
}

/**
 * Writes nself's ledger from the other tool's table, and compares the live catalog with the replay of what was applied.
 *
 * @param writeFiles  called when everything is known and nothing is written yet
 * @returns `null` where no database is configured, and nothing was written
 */
export async function adoptLedger(ctx: Context, setup: Setup, input: LedgerInput, writeFiles: () => Promise<void>): Promise<LedgerAdopted | null> {
  if (!(await isConfigured(setup, input.request.url))) return null
  if (!input.request.dryRun) refuseUnsaidProd(setup, "db migrate adopt")
  const actor = await actorOf(ctx, setup, ctx.uuid())
  return withDatabase(ctx, setup, { url: input.request.url, command: "db migrate adopt", runId: actor.runId }, async database => {
    const found = await compared(ctx, setup, database, input)
    await writeFiles()
    if (!input.request.dryRun) await writeLedger(setup, database, input, actor, found.applied)
    return found.result
  })
}

async function isConfigured(setup: Setup, url: string | null): Promise<boolean> {
  const { settingsFrom } = await import("../../pg/settings-from.ts")
  return settingsFrom({ url, env: setup.environment.env, credentials: setup.config.credentials }) !== null || hasEmbedded(setup)
}

async function compared(ctx: Context, setup: Setup, database: Database, { request, shadows, tool, pairs, history }: LedgerInput): Promise<{ readonly result: LedgerAdopted; readonly applied: readonly Migration[] }> {
  const { readForeignLedger } = await import("../../pg/foreign-ledger.ts")
  const live = await readLive(database)
  if (live.ledger.length > 0) throw new Fault("refused", `${database.label} has nself's ledger already`, "nself db migrate status")
  const foreign = await withSession(database, async session => {
    await refuseWrongMark(session, { setup, history, ledger: [], command: "db migrate adopt" })
    return readForeignLedger(session, tool, request.table)
  })
  const told = appliedForeign(pairs.map(pair => pair.foreign), foreign?.rows ?? [])
  const applied = pairs.filter(pair => told.applied.has(pair.foreign)).map(pair => pair.migration)
  const newest = Math.max(-1, ...applied.map(file => file.seq))
  const past = await historyOf({ root: setup.root, version: ctx.version, shadows }, applied)
  const { drift, notes } = await driftOf({ config: { ...setup.config, ignore: [...setup.config.ignore, ...(foreign ? [foreign.table] : [])] } }, shadows, past.catalog, live.catalog)
  const names = new Map(pairs.map(pair => [pair.foreign, pair.migration.name]))
  return {
    applied,
    result: {
      database: database.label, table: foreign?.table ?? null, applied: applied.length, late: pairs.filter(pair => pair.migration.seq < newest && !told.applied.has(pair.foreign)).map(pair => pair.migration.name),
      altered: told.altered.map(one => names.get(one)!), unknown: told.unknown, differences: [...driftLines(drift), ...notes], engine: past.engine,
    },
  }
}

async function writeLedger(setup: Setup, database: Database, { history, tool }: LedgerInput, actor: Parameters<typeof import("../../pg/repair.ts").rewriteLedger>[1]["actor"], applied: readonly Migration[]): Promise<void> {
  const { rewriteLedger } = await import("../../pg/repair.ts")
  await withSession(database, async session => {
    await rewriteLedger(session, { schema: HOME, actor, expected: [], corrections: applied.map(file => ({ from: null, file, why: "row gone" })), action: "adopt", detail: `from ${tool}` })
    await settleMark(session, { setup, history, ledger: [], command: "db migrate adopt" })
  })
}
