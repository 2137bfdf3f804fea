import type { Context } from "../../core/context.ts"
import { Fault } from "../../core/fault.ts"
import type { Session } from "../../core/types.ts"
import { actorOf, audit } from "../runner/audit.ts"
import { withSession } from "../database.ts"
import { refuseWrongMark } from "../runner/environment-mark.ts"
import { readHistory, refuseUnsaidProd, setUp } from "../setup.ts"
import { ledgerOf } from "../runner/steps.ts"
import { withFleet } from "./fleet.ts"

export interface DropRequest {
  /** The value of `--env`. */
  readonly env: string | null
  /** The value of `--url`. */
  readonly url: string | null
  readonly slug: string
  /** `--yes`: do not ask. */
  readonly yes: boolean
}

export interface Dropped {
  readonly slug: string
  readonly schema: string
  readonly dropped: boolean
  readonly tables: number
  /** PostgreSQL's estimate. */
  readonly rows: number
}

/** Drops a tenant's schema with everything in it, once that was confirmed. Throws `refused` where nobody can be asked and `--yes` was not given. */
export async function tenantDrop(ctx: Context, request: DropRequest): Promise<Dropped> {
  const setup = await setUp(ctx, request.env)
  const command = "db tenant drop"
  refuseUnsaidProd(setup, command)
  const history = await readHistory(setup)
  const actor = await actorOf(ctx, setup, ctx.uuid())
  return withFleet(ctx, setup, { url: request.url, command, runId: actor.runId, selection: { all: false, slugs: [request.slug] } }, async ({ tenants, database, source }) => {
    const [tenant, ...others] = tenants
    if (others.length > 0) throw new Fault("refused", `tenant \`${request.slug}\` has ${tenants.length} schemas; nself drops one at a time`, `nself db tenant drop ${tenant!.schema}`)
    if (tenant!.url !== null || !database) throw new Fault("refused", `tenant \`${request.slug}\` has a database of its own; nself drops schemas, not databases`, "take it out of the list, then drop its database: dropdb")
    const ledger = await ledgerOf(database)
    return withSession(database, async session => {
      await refuseWrongMark(session, { setup, history, ledger, command })
      const { holdings, dropTenant } = await import("../../pg/tenants/registry.ts")
      const { REGISTRY } = await import("../../pg/tenants/sources.ts")
      const held = (await holdings(session, tenant!.schema)) ?? { tables: 0, rows: 0 }
      const answer = { slug: tenant!.slug, schema: tenant!.schema, ...held }
      if (!(await confirmed(ctx, request, answer))) return { ...answer, dropped: false }
      await dropTenant(session, tenant!.schema, tenant!.slug, source === REGISTRY)
      await noted(session, actor, tenant!.schema, tenant!.slug)
      return { ...answer, dropped: true }
    })
  })
}

async function confirmed(ctx: Context, { yes, slug }: DropRequest, { schema, tables, rows }: Omit<Dropped, "dropped">): Promise<boolean> {
  if (yes) return true
  const what = `schema ${JSON.stringify(schema)} with ${tables} tables and about ${rows} rows`
  if (!ctx.ask) throw new Fault("refused", `dropping tenant \`${slug}\` takes ${what} away for good; nothing was changed`, `nself db tenant drop ${slug} --yes`)
  return (await ctx.ask(`Drop tenant ${slug}: ${what}?`, [{ value: "keep", label: "keep it" }, { value: "drop", label: `drop it, with all its data` }])) === "drop"
}

/** `reset`: no row of this schema's ledger is left, and that is as it should be. */
async function noted(session: Session, actor: Awaited<ReturnType<typeof actorOf>>, schema: string, slug: string): Promise<void> {
  await audit(session, actor, { action: "reset", schema, version: null, name: `tenant ${slug} dropped`, before: null, after: null, result: "done", detail: null })
}
