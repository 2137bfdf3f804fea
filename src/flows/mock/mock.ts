import type { Context } from "../../core/context.ts"
import type { EachTenant } from "../../core/each-tenant.ts"
import { Fault } from "../../core/fault.ts"
import { linkKey } from "../../core/mock/order.ts"
import { MOCK_FORMAT, type Mocked, type MockedTable } from "../../core/mock/mocked.ts"
import { openPools } from "../../core/mock/pools.ts"
import type { Progress } from "../../core/mock/progress.ts"
import { shownName, type MockTable } from "../../core/mock/table.ts"
import type { Selection } from "../../core/tenant.ts"
import type { Session } from "../../core/types.ts"
import { readFillable } from "../../kinds/fillable.ts"
import { MAY_THINK, searchPath } from "../../pg/session-state.ts"
import { cancellable } from "../cancellable.ts"
import { withSession } from "../database.ts"
import { refuseUnlessDev } from "../runner/environment-mark.ts"
import { withHome, withHomes, type Home } from "../seed/home.ts"
import { planMock, type MockPlan } from "./mock-plan.ts"
import { prepareTable, type MockRun, type TableJob } from "./mock-table.ts"
import { writeTable } from "./mock-write.ts"
import { readHistory, setUp, type Setup } from "../setup.ts"
import { ledgerOf } from "../runner/steps.ts"

export interface MockRequest {
  /** The value of `--env`. */
  readonly env: string | null
  /** The value of `--url`. */
  readonly url: string | null
  /** As typed. */
  readonly tables: readonly string[]
  readonly all: boolean
  /** Rows of each table that was asked for. */
  readonly count: number
  /** `null`: another one in every run. */
  readonly seed: string | null
  readonly withParents: boolean
  /** Empty the tables first. */
  readonly truncate: boolean
  /** The answer to the question that `truncate` asks. */
  readonly yes: boolean
  /** A tenant's slug; `null`: the application's own schema. */
  readonly tenant: string | null
}

const COMMAND = "db mock"

/**
 * Fills tables with rows that meet every constraint, in one transaction: all of them are there, or none. For dev only.
 *
 * @param onRows  told of every few thousand rows
 */
export async function mock(ctx: Context, request: MockRequest, onRows: (progress: Progress) => void): Promise<Mocked> {
  const setup = await setUp(ctx, request.env)
  refuseEarly(setup.environment.name)
  return withHome(ctx, setup, { url: request.url, command: COMMAND, runId: ctx.uuid(), tenant: request.tenant }, home => mockAt(ctx, setup, request, home, onRows))
}

/** The same at each tenant of a selection. */
export async function mockTenants(ctx: Context, request: MockRequest, selection: Selection): Promise<EachTenant<Mocked>> {
  const setup = await setUp(ctx, request.env)
  refuseEarly(setup.environment.name)
  if (request.truncate && !request.yes) throw new Fault("usage", "--truncate would delete rows at every tenant, and cannot ask for each", "add --yes")
  return withHomes(ctx, setup, { url: request.url, command: COMMAND, runId: ctx.uuid(), selection }, async home => ({ result: await mockAt(ctx, setup, request, home, () => {}), failure: null }))
}

async function mockAt(ctx: Context, setup: Setup, request: MockRequest, home: Home, onRows: (progress: Progress) => void): Promise<Mocked> {
  const { database } = home
  const [history, ledger] = [await readHistory(setup), await ledgerOf(database)]
  await refuseUnlessDev(database, { setup, history, ledger, command: COMMAND })
  const seed = request.seed ?? String(Number.parseInt(ctx.uuid().slice(0, 8), 16))
  return withSession(database, session => cancellable(ctx.signal, session, stopped, async () => {
    const tables = await inTransaction(session, home, () => fill(ctx, session, request, { seed, home, onRows }))
    return { env: setup.environment.name, database: database.label, seed, format: MOCK_FORMAT, tables }
  }))
}

/** Before a database is opened; the mark in it is asked afterwards. */
function refuseEarly(env: string): void {
  if (!["staging", "prod"].includes(env)) return
  throw new Fault("refused", `\`nself ${COMMAND}\` is for dev only, and this is ${env}; nothing was changed`, "nself db seed")
}

async function inTransaction<T>(session: Session, { schema, extensionSchema }: Home, work: () => Promise<T>): Promise<T> {
  // one snapshot: rows that others commit meanwhile are neither taken for parents nor for this run's
  await session.script(`begin isolation level repeatable read; ${MAY_THINK}; set local statement_timeout = 0; set local search_path = ${searchPath(schema, extensionSchema)}`)
  try {
    const result = await work()
    await session.script("commit")
    return result
  } catch (error) {
    await session.script("rollback").catch(() => {}) // a dead session has rolled back already
    throw error
  }
}

interface FillOptions {
  readonly seed: string
  readonly home: Home
  readonly onRows: (progress: Progress) => void
}

async function fill(ctx: Context, session: Session, request: MockRequest, options: FillOptions): Promise<readonly MockedTable[]> {
  const { schema } = options.home
  const all = await readFillable(session.query, [schema, ...request.tables.flatMap(name => (name.includes(".") ? [name.slice(0, name.indexOf("."))] : []))])
  const plan = await planMock(session, all, schema, { ...request, names: request.tables })
  if (request.truncate) await truncate(ctx, session, plan, request.yes, schema)
  const run = await runOf(session, all, plan, options)
  if ([...plan.ordered.links.values()].includes("deferred")) await session.script("set constraints all deferred")
  const done: MockedTable[] = []
  for (const table of plan.ordered.tables) {
    const started = performance.now()
    const [job, name] = [run.jobs.get(table.oid)!, shownName(table, schema)]
    const onRows = (rows: number): void => options.onRows({ table: name, done: rows, total: job.count, elapsedMs: performance.now() - started })
    await writeTable(run, await prepareTable(run, job), { embedded: options.home.database.embedded, signal: ctx.signal, onRows })
    done.push({ table: name, rows: job.count, why: plan.wanted.get(table.oid)!.why, durationMs: performance.now() - started })
  }
  await linkCircles(run, plan)
  return done
}

async function runOf(session: Session, all: readonly MockTable[], plan: MockPlan, { seed, home }: FillOptions): Promise<MockRun> {
  const { rowCount } = await import("../../pg/mock-read.ts")
  const jobs = new Map<string, TableJob>()
  for (const [oid, { table, count }] of plan.wanted) jobs.set(oid, { table, count, first: await rowCount(session, table) })
  return { session, home: home.schema, seed, pools: await openPools(), tables: new Map(all.map(table => [table.oid, table])), jobs, links: plan.ordered.links, reserved: new Map() }
}

/** Foreign keys that were left open while both tables were empty. */
async function linkCircles(run: MockRun, { ordered }: MockPlan): Promise<void> {
  const { linkLater } = await import("../../pg/mock-write.ts")
  for (const table of ordered.tables) {
    for (const key of table.foreignKeys.filter(one => ordered.links.get(linkKey(table, one)) === "later")) {
      const unique = table.uniques.some(one => one.columns.every(column => key.columns.includes(column)))
      await linkLater(run.session, table, key, run.tables.get(key.target)!, run.seed, unique)
    }
  }
}

async function truncate(ctx: Context, session: Session, { ordered }: MockPlan, yes: boolean, home: string): Promise<void> {
  const { rowCount, tableName } = await import("../../pg/mock-read.ts")
  const full: string[] = []
  for (const table of ordered.tables) {
    const rows = await rowCount(session, table)
    if (rows > 0) full.push(`${shownName(table, home)} (${rows})`)
  }
  if (full.length > 0 && !yes) {
    const question = `All rows of these tables will be deleted: ${full.join(", ")}. Go on?`
    if (!ctx.ask) throw new Fault("usage", `--truncate would delete all rows of ${full.join(", ")}, and nobody can be asked here`, "add --yes")
    const answer = await ctx.ask(question, [{ value: "no", label: "no, leave everything as it is" }, { value: "yes", label: "yes, delete them" }])
    if (answer !== "yes") throw new Fault("refused", "nothing was changed", "nself db mock without --truncate adds rows to those that are there")
  }
  await session.script(`truncate ${ordered.tables.map(tableName).join(", ")} restart identity`)
}

const stopped = (): Fault => new Fault("interrupted", "interrupted; no mock row was kept", "nself db mock")
