import type { Context } from "../../core/context.ts"
import { Fault } from "../../core/fault.ts"
import { belongsTo, type Seeded, type SeedEvent, type SeedName } from "../../core/seed.ts"
import { checkDatabaseName, findSeed, hasuraFolders, listSeeds, readSeed } from "../../files/seeds.ts"
import { withHome } from "./home.ts"
import { runSeeds, runThroughHasura, type PlannedSeed } from "./run-seeds.ts"
import { refuseOthers } from "./seed.ts"
import { refuseUnsaidProd, setUp, type Setup } from "../setup.ts"

export interface HasuraSeedRequest {
  /** The value of `--env`. */
  readonly env: string | null
  /** The value of `--url`. */
  readonly url: string | null
  /** As typed; every SQL seed of the database's folders where it is empty. */
  readonly files: readonly string[]
  /** Hasura's name of the database. */
  readonly databaseName: string
  /** Hasura's address: through its API instead of PostgreSQL. */
  readonly endpoint: string | null
  /** `null`: HASURA_GRAPHQL_ADMIN_SECRET of the environment. */
  readonly adminSecret: string | null
  /** A tenant's slug; `null`: the application's own schema. */
  readonly tenant: string | null
}

const COMMAND = "db hasura seed apply"

/** Applies Hasura's seeds, to PostgreSQL or through Hasura's `run_sql`. The first that fails ends the run. A file that is named runs in any environment. */
export async function hasuraSeed(ctx: Context, request: HasuraSeedRequest, onSeed: (event: SeedEvent) => void): Promise<Seeded> {
  const { databaseName, url, tenant } = request
  const endpoint = request.endpoint === null ? null : checkedEndpoint(request.endpoint)
  checkDatabaseName(databaseName)
  const setup = await setUp(ctx, request.env)
  refuseUnsaidProd(setup, COMMAND)
  const seeds = await plan(ctx, setup, request)
  const env = setup.environment.name
  if (endpoint !== null && tenant !== null) throw new Fault("usage", "--endpoint and --tenant exclude each other: Hasura's run_sql knows no tenant", "leave --endpoint out")
  if (endpoint !== null) {
    const target = { endpoint, source: databaseName, adminSecret: secretFor(ctx, setup, request), signal: ctx.signal }
    return { env, database: endpoint, ...(await runThroughHasura(target, seeds, onSeed)), emptied: null }
  }
  const runId = ctx.uuid()
  return withHome(ctx, setup, { url, command: COMMAND, runId, tenant }, async home => {
    await refuseOthers(home.database, setup, COMMAND)
    return { env, database: home.database.label, ...(await runSeeds({ ctx, home, runId, url, seeds, once: false, emptying: null, onSeed })), emptied: null }
  })
}

async function plan(ctx: Context, setup: Setup, { files, databaseName }: HasuraSeedRequest): Promise<readonly PlannedSeed[]> {
  const folders = hasuraFolders(databaseName)
  const named = await Promise.all(files.map(typed => findSeed(setup.root, ctx.cwd, typed, folders)))
  const script = named.find(seed => seed.kind !== "sql")
  if (script) throw new Fault("usage", `${script.path} is no SQL file; Hasura's seeds are SQL`, `nself db seed --file ${script.path}`)
  const own = folders.filter(folder => folder !== "seeds")
  const seeds = files.length > 0 ? named : (await listSeeds(setup.root, own)).filter(seed => seed.kind === "sql")
  if (seeds.length === 0) throw new Fault("usage", `there is no SQL seed in ${own.join("/ or ")}/`, "nself db hasura seed apply --file 008_owner_license.sql")
  const mine = (seed: SeedName): boolean => files.length > 0 || belongsTo(setup.environment.name, seed)
  return Promise.all(seeds.map(async seed => (mine(seed) ? { state: "run" as const, seed, file: await readSeed(setup.root, seed) } : { state: "kept" as const, seed })))
}

/** The address without a password that may stand in it: that belongs into the admin secret. */
function checkedEndpoint(typed: string): string {
  const url = URL.canParse(typed) ? new URL(typed) : null
  if (url && /^https?:$/.test(url.protocol) && url.password === "") return url.href
  throw new Fault("usage", "--endpoint is not the address of a Hasura", "--endpoint http://127.0.0.1:8080")
}

function secretFor(ctx: Context, setup: Setup, { adminSecret }: HasuraSeedRequest): string | null {
  if (adminSecret !== null) {
    ctx.hide?.(adminSecret)
    ctx.talk("warning: everybody on this machine can read --admin-secret (ps); HASURA_GRAPHQL_ADMIN_SECRET hides it")
  }
  return adminSecret ?? setup.environment.env["HASURA_GRAPHQL_ADMIN_SECRET"] ?? null
}
