import type { Context } from "../../core/context.ts"
import { Fault } from "../../core/fault.ts"
import { ident, MAX_IDENTIFIER_BYTES } from "../../core/ident.ts"
import { planUp } from "../../core/plan.ts"
import { loadParser } from "../../core/statements.ts"
import type { Tenant } from "../../core/tenant.ts"
import type { TenantRow } from "../../core/tenant-run.ts"
import type { Database } from "../../core/types.ts"
import { actorOf } from "../runner/audit.ts"
import { withDatabase, withSession } from "../database.ts"
import type { MarkQuestion } from "../runner/environment-mark.ts"
import { readHistory, refuseElsewhere, refuseUnsaidProd, setUp, type Setup } from "../setup.ts"
import { fanOut } from "./fan-out.ts"
import { extensionsIn, listInside } from "./fleet.ts"
import { homePlace } from "./places.ts"
import { markHome } from "./up.ts"

export interface CreateRequest {
  /** The value of `--env`. */
  readonly env: string | null
  /** The value of `--url`. */
  readonly url: string | null
  readonly slug: string
  /** The value of `--schema`; `null`: named after the slug. */
  readonly schema: string | null
}

/** The new tenant's row. `registered`: it was put into nself's tables; otherwise the list is the user's own. */
export interface Created extends TenantRow {
  readonly registered: boolean
  readonly source: string
}

/** Makes a tenant: its schema, its place in nself's tables and all migrations, in one transaction. Throws `refused` where the slug or the schema is taken. */
export async function tenantCreate(ctx: Context, request: CreateRequest): Promise<Created> {
  const setup = await setUp(ctx, request.env)
  refuseElsewhere(setup)
  const command = "db tenant create"
  refuseUnsaidProd(setup, command)
  refuseOutside(setup)
  const history = await readHistory(setup)
  const actor = await actorOf(ctx, setup, ctx.uuid())
  const tenant: Tenant = { slug: checkedSlug(request.slug), schema: checkedSchema(request), url: null, status: null }
  return withDatabase(ctx, setup, { url: request.url, command, runId: actor.runId }, async database => {
    void loadParser() // while the server looks
    const { tenants, source } = await listInside(setup, database)
    await refuseTaken(database, tenants, tenant)
    const { REGISTRY } = await import("../../pg/tenants/sources.ts")
    const { registerSql } = await import("../../pg/tenants/registry.ts")
    const registered = source === REGISTRY
    const question: MarkQuestion = { setup, history, ledger: [], command }
    await markHome(database, question, false)
    const place = homePlace(database)
    const prelude = [`create schema ${ident(tenant.schema)}`, ...(registered ? [registerSql(tenant.slug, tenant.schema)] : [])]
    const fleet = { tenants: [tenant], left: [], placeOf: () => place, database, extensionSchema: () => extensionsIn(setup, database), source }
    const ran = await fanOut({
      ctx, fleet, direction: "up", files: history.files, planner: { goal: () => null, steps: rows => planUp(history.files, rows).steps }, actor,
      options: { concurrency: 1, fastCommit: false, waves: [], maxFailures: null, goOn: false, dryRun: false }, enter: async () => {}, check: null, progress: () => {}, prelude,
    })
    return { ...ran.rows[0]!, registered, source }
  })
}

function refuseOutside({ config }: Setup): void {
  const { kind } = config.tenants.source
  if (kind === "file" || kind === "command") throw new Fault("refused", `tenants come from the ${kind} that the config names; nself does not write there`, "add the tenant there, then: nself db migrate up --tenant <slug>")
}

/** Anything that can be read again from a list; a slug is shown in one line. */
function checkedSlug(slug: string): string {
  if (slug.trim() === slug && slug !== "" && !/[\p{Cc}]/u.test(slug)) return slug
  throw new Fault("usage", `not a slug: ${JSON.stringify(slug)}`, "nself db tenant create acme-corp")
}

function checkedSchema({ slug, schema }: CreateRequest): string {
  const name = schema ?? `tenant_${slug.replaceAll("-", "_")}`
  if (Buffer.byteLength(name) > MAX_IDENTIFIER_BYTES) throw new Fault("usage", `the schema's name would be ${Buffer.byteLength(name)} bytes long, PostgreSQL keeps ${MAX_IDENTIFIER_BYTES}: ${name}`, "--schema <a shorter name>")
  if (/^pg_/.test(name) || ["public", "information_schema"].includes(name)) throw new Fault("usage", `${name} cannot be a tenant's schema`, "--schema tenant_x")
  return name
}

async function refuseTaken(database: Database, tenants: readonly Tenant[], { slug, schema }: Tenant): Promise<void> {
  if (tenants.some(one => one.slug === slug)) throw new Fault("refused", `tenant \`${slug}\` is there already`, `nself db migrate up --tenant ${slug}`)
  const { holdings } = await import("../../pg/tenants/registry.ts")
  if (await withSession(database, session => holdings(session, schema))) throw new Fault("refused", `schema ${ident(schema)} is there already`, "--schema <another name>")
}
