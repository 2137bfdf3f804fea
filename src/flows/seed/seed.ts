import type { Context } from "../../core/context.ts"
import type { EachTenant } from "../../core/each-tenant.ts"
import { claimOf, devOnlyFault } from "../../core/environment-mark.ts"
import { Fault } from "../../core/fault.ts"
import { belongsTo, type Seeded, type SeedEvent, type SeedName, type SeedRow } from "../../core/seed.ts"
import type { Selection } from "../../core/tenant.ts"
import type { Database } from "../../core/types.ts"
import { checkDatabaseName, findSeed, listSeeds, readSeed, seedFolders } from "../../files/seeds.ts"
import { withSession } from "../database.ts"
import { refuseUnlessDev, refuseWrongMark } from "../runner/environment-mark.ts"
import { withHome, withHomes } from "./home.ts"
import { runSeeds, type PlannedSeed, type SeedsRun } from "./run-seeds.ts"
import { readHistory, refuseUnsaidProd, setUp, type Setup } from "../setup.ts"
import { ledgerOf } from "../runner/steps.ts"

export interface SeedRequest {
  /** The value of `--env`. */
  readonly env: string | null
  /** The value of `--url`. */
  readonly url: string | null
  /** Only these, as typed; all of the folders where it is empty. */
  readonly files: readonly string[]
  /** Every seed, whatever nself's numbering says of this environment. */
  readonly all: boolean
  /** Not those that ran here before with the same text. */
  readonly once: boolean
  /** Empty the tables first. */
  readonly truncate: boolean
  /** The answer to the question that `truncate` asks. */
  readonly yes: boolean
  /** Hasura's name of the database: the folder below `hasura/seeds/`. */
  readonly databaseName: string
  /** A tenant's slug; `null`: the application's own schema. */
  readonly tenant: string | null
}

const COMMAND = "db seed"
const TRUNCATE = "db seed --truncate"

/** Runs the seed files of this environment in order, in emptied tables where that is asked for. The first that fails ends the run; what ran before it stays, and is in the result. */
export async function seed(ctx: Context, request: SeedRequest, onSeed: (event: SeedEvent) => void): Promise<Seeded> {
  checkDatabaseName(request.databaseName)
  const setup = await setUp(ctx, request.env)
  refuseUnsaidProd(setup, COMMAND)
  await refuseEarly(setup, request)
  const planned = await plan(ctx, setup, request)
  const env = setup.environment.name
  if (!planned.some(one => one.state === "run")) return { env, database: "", emptied: null, seeds: planned.map(one => keptRow(one.seed.path)), failure: null }
  const runId = ctx.uuid()
  return withHome(ctx, setup, { url: request.url, command: COMMAND, runId, tenant: request.tenant }, async home => {
    return seedHome({ ctx, home, runId, url: request.url, seeds: planned, once: request.once, onSeed }, request)
  })
}

/** The same at each tenant of a selection. `onLine`: what a TypeScript seed says, with its tenant. */
export async function seedTenants(ctx: Context, request: SeedRequest, selection: Selection, onLine: (slug: string, line: string) => void): Promise<EachTenant<Seeded>> {
  checkDatabaseName(request.databaseName)
  const setup = await setUp(ctx, request.env)
  refuseUnsaidProd(setup, COMMAND)
  await refuseEarly(setup, request)
  if (request.truncate && !request.yes) throw new Fault("usage", "--truncate would delete rows at every tenant, and cannot ask for each", "add --yes")
  const seeds = await plan(ctx, setup, request)
  const runId = ctx.uuid()
  return withHomes(ctx, setup, { url: request.url, command: COMMAND, runId, selection }, async (home, tenant) => {
    const onSeed = (event: SeedEvent): void => (event.state === "said" ? onLine(tenant.slug, event.line) : undefined)
    const result = await seedHome({ ctx, home, runId, url: tenant.url === null ? request.url : null, seeds, once: request.once, onSeed }, request)
    return { result, failure: result.failure }
  })
}

/** The seeds at one place, after its mark was asked. */
async function seedHome(given: Omit<SeedsRun, "emptying">, request: SeedRequest): Promise<Seeded> {
  const { setup, database } = given.home
  const named = { env: setup.environment.name, database: database.label }
  if (!request.truncate) {
    await refuseOthers(database, setup, COMMAND)
    const { seeds, failure } = await runSeeds({ ...given, emptying: null })
    return { ...named, emptied: null, seeds, failure }
  }
  const [history, ledger] = [await readHistory(setup), await ledgerOf(database)]
  await refuseUnlessDev(database, { setup, history, ledger, command: TRUNCATE })
  const { planEmptying } = await import("./seed-truncate.ts")
  const plan = await planEmptying(given.ctx, { ...given, history, named: request.files.length > 0, yes: request.yes })
  const { emptied, seeds, failure } = await runSeeds({ ...given, emptying: plan.sql })
  return { ...named, emptied: emptied ? plan.tables : [], seeds, failure }
}

/** Before a database is opened; the mark in it is asked afterwards. */
async function refuseEarly(setup: Setup, { truncate, once }: SeedRequest): Promise<void> {
  if (!truncate) return
  if (once) throw new Fault("usage", "--truncate and --once exclude each other: the rows of a seed that is skipped would be gone", "leave --once out")
  const early = devOnlyFault(null, claimOf(setup.environment.name, await readHistory(setup), []), true, TRUNCATE)
  if (early) throw early
}

async function plan(ctx: Context, setup: Setup, { files, all, databaseName }: SeedRequest): Promise<readonly PlannedSeed[]> {
  const folders = seedFolders(databaseName)
  const named = await Promise.all(files.map(typed => findSeed(setup.root, ctx.cwd, typed, folders)))
  const mine = (one: SeedName): boolean => all || belongsTo(setup.environment.name, one)
  const foreign = named.find(one => !mine(one))
  if (foreign) throw notForEnv(foreign, setup.environment.name)
  const seeds = files.length > 0 ? named : await listSeeds(setup.root, folders)
  if (seeds.length === 0) throw new Fault("usage", `there is no seed in ${folders.join("/, ")}/`, "write one, for example seeds/001_roles.sql or seeds/001_roles.ts")
  return Promise.all(seeds.map(async one => (mine(one) ? { state: "run" as const, seed: one, file: await readSeed(setup.root, one) } : { state: "kept" as const, seed: one })))
}

function notForEnv({ path }: SeedName, env: string): Fault {
  const rule = env === "prod" ? "prod gets seeds 000 and 001" : "staging gets seeds 000 to 004"
  return new Fault("refused", `${path} is not for ${env}: ${rule}`, `nself db seed --file ${path} --env ${env} --all`)
}

const keptRow = (path: string): SeedRow => ({ path, state: "kept", durationMs: null, repeated: [] })

/** A database that says that it is another environment, or another project's, gets none of these rows. */
export async function refuseOthers(database: Database, setup: Setup, command: string): Promise<void> {
  const history = await readHistory(setup)
  const ledger = await ledgerOf(database)
  await withSession(database, session => refuseWrongMark(session, { setup, history, ledger, command }))
}
