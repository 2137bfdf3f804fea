import { join } from "node:path"
import type { Context } from "../../core/context.ts"
import { Fault } from "../../core/fault.ts"
import { select, type Selection, type Tenant } from "../../core/tenant.ts"
import { checkedList, parseTenantList } from "../../core/tenant-list.ts"
import type { Database } from "../../core/types.ts"
import { readText } from "../../files/read-text.ts"
import { runCommand } from "../../files/run-command.ts"
import { explained, openDatabase, withSession } from "../database.ts"
import type { Setup } from "../setup.ts"
import { homePlace, placesFor, type PlaceOf } from "./places.ts"

/** The tenants a command is about, and how each is reached. */
export interface Fleet {
  readonly tenants: readonly Tenant[]
  /** Left out because of their status. */
  readonly left: readonly Tenant[]
  readonly placeOf: PlaceOf
  /** The project's database, where there is one. */
  readonly database: Database | null
  /** Behind the tenant's own schema in `search_path`. `null`: nothing is behind it. */
  readonly extensionSchema: () => Promise<string | null>
  /** Where the list came from, for people: `tenants.tenants`, `schemas tenant_*`. */
  readonly source: string
}

export interface FleetRequest {
  /** The value of `--url`. */
  readonly url: string | null
  /** For messages: `db migrate up`. */
  readonly command: string
  readonly runId: string
  readonly selection: Selection
  /** Makes ready what `work` is going to need; called once the database is reached, while it looks for the list. Not before: what takes this process puts off the reaching. */
  readonly meanwhile?: () => void
}

/**
 * Finds the tenants and runs `work` on them. The list is read once, at the beginning. Throws `usage` for a tenant that is not there,
 * before anything is changed, and `failed` where the list cannot be read.
 */
export async function withFleet<T>(ctx: Context, setup: Setup, request: FleetRequest, work: (fleet: Fleet) => Promise<T>): Promise<T> {
  const { source } = setup.config.tenants
  const outside = source.kind === "file" || source.kind === "command"
  const talk = talkOnce(ctx)
  let database: Database | null = null
  let places: Awaited<ReturnType<typeof placesFor>> | null = null
  const home = async (): Promise<Database> => (database ??= await openDatabase({ ...ctx, talk }, setup, { url: request.url, command: request.command, runId: request.runId }))
  try {
    const reached = outside ? null : await home()
    const listing = reached ? listInside(setup, reached) : listOutside(ctx, setup)
    request.meanwhile?.()
    const listed = await listing
    const chosen = select(checkedList(listed.tenants), request.selection, setup.config.tenants.skip)
    if (chosen.tenants.some(({ url }) => url === null)) await home()
    const there = onceOnly(() => homePlace(database!))
    places = await placesFor(ctx, setup, request.runId, [...chosen.tenants, ...chosen.left], there, talk)
    const { placeOf } = places
    const extensionSchema = async (): Promise<string | null> => (database ? extensionsIn(setup, database) : setup.config.tenants.extensionSchema)
    return await work({ ...chosen, placeOf, database, extensionSchema, source: listed.source })
  } catch (error) {
    throw database ? explained(error, (database as Database).label) : error
  } finally {
    await places?.close()
    await (database as Database | null)?.close()
  }
}

interface Listed {
  readonly tenants: readonly Tenant[]
  readonly source: string
}

function onceOnly<T>(make: () => T): () => T {
  let made: T | null = null
  return () => (made ??= make())
}

/** A thousand tenants say the same a thousand times. */
function talkOnce(ctx: Context): (line: string) => void {
  const said = new Set<string>()
  return line => {
    if (said.has(line) || said.size >= 20) return
    said.add(line)
    ctx.talk(line)
  }
}

/** The schema of extensions in the project's database. */
export async function extensionsIn(setup: Setup, database: Database): Promise<string | null> {
  const { extensionSchemaOf } = await import("../../pg/tenants/sources.ts")
  return withSession(database, session => extensionSchemaOf(session, setup.config.tenants.extensionSchema))
}

/** The list as the project's database knows it. */
export async function listInside(setup: Setup, database: Database): Promise<Listed> {
  const { source } = setup.config.tenants
  const { DEFAULT_PATTERN, fromQuery, fromRegistry, fromSchemas, REGISTRY } = await import("../../pg/tenants/sources.ts")
  return withSession(database, async session => {
    if (source.kind === "query") return { tenants: await fromQuery(session, source.sql), source: "nself.tenants.query" }
    const registered = source.kind === "default" ? await fromRegistry(session) : null
    if (registered) return { tenants: registered, source: REGISTRY }
    const pattern = source.kind === "schemas" ? source.pattern : DEFAULT_PATTERN
    return { tenants: await fromSchemas(session, pattern), source: `schemas ${pattern}` }
  })
}

async function listOutside(ctx: Context, setup: Setup): Promise<Listed> {
  const { source } = setup.config.tenants
  if (source.kind === "file") {
    const text = await readText(setup.root, join(setup.root, source.path), source.path)
    if (text === null) throw new Fault("usage", `the list of tenants, ${source.path}, is not there`, "correct nself.tenants.file in the config")
    return { tenants: parseTenantList(text, source.path), source: source.path }
  }
  if (source.kind !== "command") throw new Error(`not a list outside of the database: ${source.kind}`)
  const shown = source.argv.join(" ")
  const ended = await runCommand(source.argv, { cwd: setup.root, env: setup.environment.env, signal: ctx.signal })
  if (ended.exit !== 0) throw new Fault("failed", `\`${shown}\` should print the tenants and ended with exit ${ended.exit}${ended.stderr ? `:\n${ended.stderr}` : ""}`, "correct nself.tenants.command in the config")
  return { tenants: parseTenantList(ended.stdout, `\`${shown}\``), source: `\`${shown}\`` }
}
