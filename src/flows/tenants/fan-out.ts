import type { Actor } from "../../core/audit.ts"
import type { Context } from "../../core/context.ts"
import { Fault } from "../../core/fault.ts"
import { knownLedgers } from "../../core/ledger-digest.ts"
import { rotated, wavesOf, type Share } from "../../core/rollout.ts"
import type { Migration, Session } from "../../core/types.ts"
import type { WaitLimits } from "../../core/steps.ts"
import type { TenantProgress, TenantRow, WaveRow } from "../../core/tenant-run.ts"
import { applyMigration } from "../../pg/migrator.ts"
import { HOME } from "../database.ts"
import { flushAll, noteFailures } from "./afterwards.ts"
import type { Fleet } from "./fleet.ts"
import { ledgerIn, NOTHING } from "./ledger-in.ts"
import { refuseLost } from "./lost-ledger.ts"
import { pendingOf, remembered, type Planned } from "./pending.ts"
import { preparer } from "./prepare.ts"
import { serverPool } from "./server-pool.ts"
import { LIMITS, type Limits, type Server } from "./server-run.ts"
import { overview } from "./overview.ts"
import type { Item, Planner, Visiting } from "./visit.ts"
import { widthFor } from "./width.ts"

export interface FanOut {
  readonly ctx: Context
  readonly fleet: Fleet
  readonly direction: "up" | "down"
  readonly files: readonly Migration[]
  readonly planner: Planner
  readonly actor: Actor
  readonly options: FanOutOptions
  /** Before the first visit of a database that is not the project's. */
  readonly enter: (session: Session, item: Item) => Promise<void>
  /** What is asked between waves; `null`: nothing. Gives the reason why not to go on, or `null`. */
  readonly check: ((wave: readonly Item[], number: number) => Promise<string | null>) | null
  /** Asked once it is known which files will run where, before anything is changed, in a dry run too; throws where they must not. */
  readonly agree?: (pending: readonly Migration[], planned: readonly Planned[]) => Promise<void>
  readonly progress: (moment: TenantProgress) => void
  /** For a tenant whose schema is to be made. */
  readonly prelude?: readonly string[]
}

export interface FanOutOptions {
  /** Connections per server; `null`: from the server. */
  readonly concurrency: number | null
  readonly fastCommit: boolean
  /** Shares, the canary first; empty: all at once. */
  readonly waves: readonly Share[]
  /** Failures after which no other tenant is begun; `null`: no limit. */
  readonly maxFailures: number | null
  /** Go on with the next wave although tenants failed or the check said no, and although some ledgers do not fit the files. */
  readonly goOn: boolean
  readonly dryRun: boolean
  readonly limits?: Partial<Limits> & WaitLimits
}

export interface FannedOut {
  readonly rows: readonly TenantRow[]
  readonly pending: readonly Migration[]
  readonly waves: readonly WaveRow[]
  readonly stopped: string | null
  readonly elapsedMs: number
}

/** Sessions that read the ledgers first, and then visit the tenants whose ledgers they read. */
export const READERS = 4

/** Everything that changes while a run goes on. */
interface Run {
  readonly given: FanOut
  readonly visiting: Visiting
  readonly servers: Map<string, Server>
  readonly rows: Map<Item, TenantRow>
  readonly started: number
  readonly total: number
  failures: number
  stopped: string | null
}

/**
 * Brings all tenants to where the plan says, each in transactions of its own, any number of processes at once (FAULTS.md, section 3).
 *
 * Throws, before anything is changed, what the planner says of a tenant whose ledger does not fit the files, unless `goOn`.
 */
export async function fanOut(given: FanOut): Promise<FannedOut> {
  const started = performance.now()
  const book = new Map(knownLedgers(given.files))
  const extensionSchema = await given.fleet.extensionSchema()
  const items = await overview(given.fleet, book, { sessions: READERS })
  if (!given.prelude) await refuseLost(given.fleet, items)
  const planner = remembered(given.planner)
  const { files: pending, planned, unfit } = pendingOf(given, items, book, planner)
  if (unfit && !given.options.goOn) throw unfit
  await given.agree?.(pending, planned)
  const visiting = await visitingFor(given, { book, extensionSchema, planner }, pending)
  const run: Run = { given, visiting, servers: new Map(), rows: new Map(), started, total: items.length, failures: 0, stopped: null }
  if (given.options.dryRun) {
    for (const item of items) run.rows.set(item, dryRow(run, item))
    return { rows: rowsOf(run, items), pending, waves: [], stopped: null, elapsedMs: performance.now() - started }
  }
  const waves = await runWaves(run, items)
  if (given.options.fastCommit) await flushAll(items)
  await noteFailures(given, run.rows, items)
  return { rows: rowsOf(run, items), pending, waves, stopped: run.stopped, elapsedMs: performance.now() - started }
}

async function visitingFor(given: FanOut, known: Pick<Visiting, "book" | "extensionSchema" | "planner">, pending: readonly Migration[]): Promise<Visiting> {
  const { ctx, direction, actor } = given
  const { extensionSchema } = known
  const { runId } = actor
  const prepare = preparer(direction)
  for (const migration of pending) await prepare(migration) // a file that must not run is refused before anything runs
  const oneByOne = mutex()
  const { statementTimeoutMs } = given.options.limits ?? {}
  const limits = statementTimeoutMs === undefined ? {} : { limits: { statementTimeoutMs } }
  const audit = given.options.dryRun ? null : { home: HOME, actor }
  return {
    direction, runId, version: ctx.version, fastCommit: given.options.fastCommit, audit, ...limits, ...known, signal: ctx.signal, prepare, ...(given.prelude && { prelude: given.prelude }),
    alone: (session, item, file, expect) => oneByOne(item.place.label, async () => {
      const step = { direction, migration: file.migration, schema: item.tenant.schema, extensionSchema, runId, version: ctx.version, expect, signal: ctx.signal, ...(audit && { audit }), ...limits }
      const { ensureLedger } = await import("../../pg/ledger.ts")
      await ensureLedger(session, item.tenant.schema)
      return (await applyMigration(session, step, file.statements)).kind
    }),
  }
}

/** Builds of indexes CONCURRENTLY wait for each other, so one at a time in a database. */
function mutex(): <T>(key: string, work: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>()
  return (key, work) => {
    const mine = (last.get(key) ?? Promise.resolve()).then(work, work)
    last.set(key, mine.catch(() => {}))
    return mine
  }
}

async function runWaves(run: Run, items: readonly Item[]): Promise<readonly WaveRow[]> {
  const { options, check } = run.given
  const waves = options.waves.length === 0 ? [items] : wavesOf(items, options.waves, item => item.tenant.slug)
  const said: WaveRow[] = []
  for (const [i, wave] of waves.entries()) {
    if (run.stopped === null) await runWave(run, wave)
    if (run.stopped !== null) break
    const failed = wave.filter(item => run.rows.get(item)?.state === "failed").length
    const last = i === waves.length - 1
    const refusal = check && waves.length > 1 ? await check(wave, i + 1) : null
    said.push({ tenants: wave.length, failed, check: check && waves.length > 1 ? (refusal === null ? "passed" : "failed") : null, said: refusal ?? "" })
    if (last || options.goOn) continue
    if (failed > 0) run.stopped = `${failed} of wave ${i + 1} failed`
    else if (refusal !== null) run.stopped = `the check after wave ${i + 1} failed`
    if (run.stopped) break
  }
  return options.waves.length === 0 ? [] : said
}

async function runWave(run: Run, wave: readonly Item[]): Promise<void> {
  const byServer = Map.groupBy(wave, item => item.place.server)
  await Promise.all([...byServer].map(async ([name, items]) => {
    const server = await serverOf(run, name, items)
    await serverPool({
      server, items: inTurn(items, offsetOf(run.given.ctx)), visiting: run.visiting, enter: run.given.enter,
      limits: limitsOf(run.given.options), batches: run.given.options.maxFailures === null, // counted tenant by tenant
      clock: { now: () => performance.now(), sleep: ms => Bun.sleep(ms), random: () => Math.random() },
      settle: (item, end) => settle(run, item, end),
      stopped: () => run.stopped !== null,
      stop: fault => void (run.stopped ??= `${fault.message.split("\n")[0]}`),
    })
  }))
  if (run.given.ctx.signal.aborted) run.stopped ??= "interrupted"
}

/** Each session's share from another beginning. */
function inTurn(items: readonly Item[], at: number): readonly Item[] {
  return [...Map.groupBy(items, item => item.reader).values()].flatMap(share => rotated(share, at))
}

/** What was said of waiting holds for servers too. */
function limitsOf({ limits = {} }: FanOutOptions): Limits {
  return { ...LIMITS, ...limits, serverForMs: limits.serverForMs ?? Math.min(LIMITS.serverForMs, limits.retryForMs ?? Infinity) }
}

/** A pod of an indexed Job begins in a part of its own (the golden ratio spreads any number of them); everybody else anywhere. */
function offsetOf(ctx: Context): number {
  const index = Number(ctx.env["JOB_COMPLETION_INDEX"] ?? Number.NaN)
  return Number.isInteger(index) && index >= 0 ? (index * 0.618034) % 1 : Math.random()
}

async function serverOf(run: Run, name: string, items: readonly Item[]): Promise<Server> {
  const known = run.servers.get(name)
  if (known) return known
  const { options } = run.given
  const server: Server = { name, width: await widthFor(items[0]!.place, options.concurrency), downSince: null, dead: null }
  run.servers.set(name, server)
  return server
}

function settle(run: Run, item: Item, end: "applied" | "already" | Fault): void {
  run.rows.set(item, rowOf(item, end))
  if (end instanceof Fault) run.failures += 1
  const { maxFailures } = run.given.options
  if (end instanceof Fault && maxFailures !== null && run.failures >= maxFailures) run.stopped ??= `${run.failures} failed (--max-failures ${maxFailures})`
  run.given.progress({ total: run.total, done: run.rows.size - run.failures, failed: run.failures, elapsedMs: performance.now() - run.started })
}

function rowOf(item: Item, end: "applied" | "already" | Fault): TenantRow {
  const fault = end instanceof Fault ? end : null
  return { ...base(item), state: fault ? "failed" : (end as "applied" | "already"), to: fault && !item.changed ? item.from : item.to, durationMs: Math.round(item.spent), fault }
}

function base({ tenant, place, from, to }: Item): Omit<TenantRow, "state" | "durationMs" | "fault"> {
  return { slug: tenant.slug, schema: tenant.schema, database: place.label, from, to }
}

function rowsOf(run: Run, items: readonly Item[]): readonly TenantRow[] {
  return items.map(item => run.rows.get(item) ?? { ...base(item), state: "skipped", durationMs: null, fault: null })
}

function dryRow({ visiting }: Run, item: Item): TenantRow {
  try {
    const rows = ledgerIn(item, visiting.book) ?? NOTHING
    const steps = visiting.planner.steps(rows, visiting.planner.goal(rows))
    const to = visiting.direction === "up" ? Math.max(item.from ?? 0, ...steps.map(step => step.seq)) : visiting.planner.goal(rows)
    return { ...base(item), state: steps.length === 0 ? "already" : "planned", to, durationMs: null, fault: null }
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return { ...base(item), state: "failed", durationMs: null, fault: error }
  }
}
