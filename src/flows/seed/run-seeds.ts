import { join } from "node:path"
import type { Context } from "../../core/context.ts"
import { Fault } from "../../core/fault.ts"
import { repeatedRows, type SeedEvent, type SeedName, type SeedRecord, type SeedRow } from "../../core/seed.ts"
import type { PgError, SqlFile } from "../../core/types.ts"
import type { HasuraTarget } from "../../pg/hasura.ts"
import type { SqlSeed } from "../../pg/seed-sql.ts"
import type { SeedRun } from "../../pg/seeds-ledger.ts"
import { cancellable } from "../cancellable.ts"
import { withSession } from "../database.ts"
import type { Home } from "./home.ts"

export type PlannedSeed =
  | { readonly state: "run"; readonly seed: SeedName; readonly file: SqlFile }
  /** By its number it belongs to another environment. */
  | { readonly state: "kept"; readonly seed: SeedName }

export interface SeedsRun {
  readonly ctx: Context
  readonly home: Home
  /** A uuid. */
  readonly runId: string
  /** The value of `--url`. */
  readonly url: string | null
  readonly seeds: readonly PlannedSeed[]
  readonly once: boolean
  /** Runs once, before the first seed and, where that is SQL, in its transaction; `null`: nothing is emptied. */
  readonly emptying: string | null
  readonly onSeed: (event: SeedEvent) => void
}

export interface SeedsDone {
  /** Whether `emptying` is committed. */
  readonly emptied: boolean
  readonly seeds: readonly SeedRow[]
  readonly failure: Fault | null
}

type Ready = Extract<PlannedSeed, { state: "run" }> & { readonly sql: SqlSeed | null }

/** Runs seeds in order, one row each, the ones not tried too. Before the first one runs, none holds what could not run at all. */
export async function runSeeds(given: SeedsRun): Promise<SeedsDone> {
  const [{ prepareSeed }, { ensureSeeds, readSeeds }] = await Promise.all([import("../../pg/seed-sql.ts"), import("../../pg/seeds-ledger.ts")])
  const ready = await Promise.all(given.seeds.map(async one => (one.state === "kept" ? one : { ...one, sql: one.seed.kind === "sql" ? await prepareSeed(one.file) : null })))
  const { database, schema } = given.home
  const seen = await withSession(database, async session => {
    await ensureSeeds(session, schema)
    return readSeeds(session, schema)
  })
  let emptying = given.emptying
  const done = await inTurn(ready, given.ctx.signal, async one => {
    // in emptied tables every seed is the first one
    const record = given.emptying === null ? seen.get(one.seed.path) ?? null : null
    if (given.once && record?.sha256 === one.file.sha256) return rowOf(one.seed, "once")
    const row = await told(one.seed, given.onSeed, () => runOne(given, one, record, emptying, () => (emptying = null)))
    return row instanceof Fault ? withMemory(row, one.seed, record) : row
  })
  return { ...done, emptied: given.emptying !== null && emptying === null }
}

/** The same through Hasura's API; nothing is written down. */
export async function runThroughHasura(target: HasuraTarget, seeds: readonly PlannedSeed[], onSeed: SeedsRun["onSeed"]): Promise<SeedsDone> {
  const { runSql } = await import("../../pg/hasura.ts")
  return { emptied: false, ...(await inTurn(seeds, target.signal, one => told(one.seed, onSeed, async () => (await runSql(target, one.file), [])))) }
}

/** One after the other; the first Fault or a signal ends it, and the rest is named as skipped. */
async function inTurn<T extends PlannedSeed>(seeds: readonly T[], signal: AbortSignal, run: (one: Extract<T, { state: "run" }>) => Promise<SeedRow | Fault>): Promise<Omit<SeedsDone, "emptied">> {
  const rows: SeedRow[] = []
  let failure: Fault | null = null
  for (const one of seeds) {
    if (one.state === "kept") rows.push(rowOf(one.seed, "kept"))
    else if (failure || signal.aborted) rows.push(rowOf(one.seed, "skipped"))
    else {
      const done = await run(one as Extract<T, { state: "run" }>)
      failure = done instanceof Fault ? done : null
      rows.push(done instanceof Fault ? rowOf(one.seed, "failed") : done)
    }
  }
  return { seeds: rows, failure: failure ?? (signal.aborted ? stopped() : null) }
}

const rowOf = ({ path }: SeedName, state: SeedRow["state"]): SeedRow => ({ path, state, durationMs: null, repeated: [] })
const stopped = (): Fault => new Fault("interrupted", "interrupted; what a finished seed wrote stays, the one that was running in SQL was rolled back", "nself db seed --once")

/** One seed, with its events. A Fault comes back as a value; everything else is thrown. */
async function told({ path, kind }: SeedName, onSeed: SeedsRun["onSeed"], work: () => Promise<readonly string[]>): Promise<SeedRow | Fault> {
  const talks = kind === "ts"
  onSeed({ state: "started", path, talks })
  const started = performance.now()
  try {
    const repeated = await work()
    const durationMs = performance.now() - started
    onSeed({ state: "done", durationMs, talks })
    return { path, state: "done", durationMs, repeated }
  } catch (error) {
    onSeed({ state: "failed", talks })
    if (error instanceof Fault) return error
    throw error
  }
}

/**
 * Runs it and writes it down; where it ran before with the same text, tables that have other rows than before are what comes back.
 *
 * @param first      what is still to be run before it
 * @param committed  called when `first` is in the database for good
 */
async function runOne(given: SeedsRun, one: Ready, record: SeedRecord | null, first: string | null, committed: () => void): Promise<readonly string[]> {
  const [{ applySeed }, { countRows, recordSeed }] = await Promise.all([import("../../pg/seed-sql.ts"), import("../../pg/seeds-ledger.ts")])
  const { database, schema, extensionSchema, setup } = given.home
  const run: SeedRun = { schema, extensionSchema, env: setup.environment.name, runId: given.runId, version: given.ctx.version }
  const again = record?.sha256 === one.file.sha256
  const count = () => withSession(database, session => countRows(session, run.schema))
  const before = again ? await count() : null
  if (one.sql) {
    await withSession(database, session => cancellable(given.ctx.signal, session, stopped, () => applySeed(session, one.sql!, run, first)))
    committed()
  } else {
    if (first !== null) await withSession(database, session => cancellable(given.ctx.signal, session, stopped, () => session.script(first)))
    committed()
    const started = performance.now()
    await runTypeScript(given, one)
    await withSession(database, session => recordSeed(session, run, one.file, performance.now() - started))
  }
  return before ? repeatedRows(before, await count()) : []
}

async function runTypeScript(given: SeedsRun, { seed, file }: Ready): Promise<void> {
  const { ctx, home: { setup }, url, onSeed } = given
  const [{ childEnv }, { runSeed }] = await Promise.all([import("./seed-env.ts"), import("../../drizzle/run-seed.ts")])
  const door = await childEnv(given.home, url)
  try {
    const launch = { self: ctx.self, env: door.env, signal: ctx.signal }
    const failure = await runSeed({ root: setup.root, path: join(setup.root, seed.path) }, launch, { out: line => onSeed({ state: "said", line }), err: ctx.talk })
    if (failure) throw new Fault("failed", failure.message.includes(file.path) ? failure.message : `${file.path}: ${failure.message}`, `correct ${file.path}, then run the command again; what it had committed is in the database`, failure)
  } finally {
    await door.close()
  }
}

/** A key that is there already, on a seed that ran before: it is not repeatable, and that is the matter. */
function withMemory(fault: Fault, { path }: SeedName, record: SeedRecord | null): Fault {
  const { code } = (fault.cause ?? {}) as Partial<PgError>
  if (!record || code !== "23505") return fault
  const when = record.at.toISOString().slice(0, 19).replace("T", " ")
  return new Fault(fault.exit, `${fault.message}\n${path} ran here before (${when}) and is not repeatable.`, "write its INSERTs with ON CONFLICT, or skip what ran before: nself db seed --once", fault.cause)
}
