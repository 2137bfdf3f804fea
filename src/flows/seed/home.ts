import type { Context } from "../../core/context.ts"
import type { EachRow, EachTenant } from "../../core/each-tenant.ts"
import { Fault } from "../../core/fault.ts"
import { DONE, pool } from "../../core/pool.ts"
import { passwordsIn } from "../../core/redact.ts"
import type { Selection, Tenant } from "../../core/tenant.ts"
import type { Database } from "../../core/types.ts"
import { HOME, withDatabase, type OpenOptions } from "../database.ts"
import type { Setup } from "../setup.ts"
import type { Fleet } from "../tenants/fleet.ts"

/** The schema that a command works in, and the way to it. */
export interface Home {
  readonly database: Database
  readonly schema: string
  /** Behind `schema` in `search_path`; `null`: nothing is. */
  readonly extensionSchema: string | null
  /** As given, or as it reads where the tenant has a database of its own. */
  readonly setup: Setup
}

/** Runs `work` in the application's own schema, or in that of the tenant with this slug. Throws `usage` for a tenant that is not there. */
export async function withHome<T>(ctx: Context, setup: Setup, options: OpenOptions & { readonly tenant: string | null }, work: (home: Home) => Promise<T>): Promise<T> {
  const { tenant, ...open } = options
  if (tenant === null) return withDatabase(ctx, setup, open, database => work({ database, schema: HOME, extensionSchema: null, setup }))
  const { withFleet } = await import("../tenants/fleet.ts")
  return withFleet(ctx, setup, { ...open, selection: { all: false, slugs: [tenant] } }, fleet => atHome(ctx, setup, open, fleet, fleet.tenants[0]!, work))
}

/** Runs `work` in one tenant's schema, wherever that is. */
async function atHome<T>(ctx: Context, setup: Setup, open: OpenOptions, fleet: Fleet, { schema, url }: Tenant, work: (home: Home) => Promise<T>): Promise<T> {
  const extensionSchema = await fleet.extensionSchema()
  if (url === null) return work({ database: fleet.database!, schema, extensionSchema, setup })
  for (const secret of passwordsIn(url)) ctx.hide?.(secret)
  const there = { ...setup, environment: { ...setup.environment, env: { ...setup.environment.env, DATABASE_URL: url } } }
  return withDatabase(ctx, there, { ...open, url: null }, database => work({ database, schema, extensionSchema, setup: there }))
}

/** Tenants worked on at once, where they are not all on the one connection of an embedded database. */
const AT_ONCE = 4

/**
 * Runs `work` in the schema of each tenant of a selection, a few at once. What fails at one is in its row, and the others go on; after a signal the
 * rest is named as skipped.
 *
 * @param work  gives its result, and the failure that came after a part of it was done
 */
export async function withHomes<T>(
  ctx: Context, setup: Setup, options: OpenOptions & { readonly selection: Selection }, work: (home: Home, tenant: Tenant) => Promise<{ readonly result: T; readonly failure: Fault | null }>,
): Promise<EachTenant<T>> {
  const { selection, ...open } = options
  const { withFleet } = await import("../tenants/fleet.ts")
  const started = performance.now()
  return withFleet(ctx, setup, { ...open, selection }, async fleet => {
    const rows = new Map<Tenant, EachRow<T>>()
    await pool({
      items: fleet.tenants, width: fleet.database?.embedded ? 1 : AT_ONCE, now: () => performance.now(), sleep: ms => Bun.sleep(ms), stopped: () => ctx.signal.aborted,
      work: async tenant => {
        rows.set(tenant, await rowAt(tenant, () => atHome(ctx, setup, open, fleet, tenant, home => work(home, tenant))))
        return DONE
      },
    })
    const tenants = fleet.tenants.map(tenant => rows.get(tenant) ?? { slug: tenant.slug, schema: tenant.schema, state: "skipped" as const, result: null, fault: null })
    return { env: setup.environment.name, tenants, left: fleet.left.map(one => one.slug), elapsedMs: performance.now() - started }
  })
}

async function rowAt<T>({ slug, schema }: Tenant, work: () => Promise<{ readonly result: T; readonly failure: Fault | null }>): Promise<EachRow<T>> {
  try {
    const { result, failure } = await work()
    return { slug, schema, state: failure ? "failed" : "done", result, fault: failure }
  } catch (error) {
    if (error instanceof Fault) return { slug, schema, state: "failed", result: null, fault: error }
    const { code, message, hint } = error as { code?: unknown; message: string; hint?: string }
    if (typeof code !== "string") throw error
    return { slug, schema, state: "failed", result: null, fault: new Fault("failed", `${message} (SQLSTATE ${code})`, hint ?? "nself db migrate status --all-tenants", error) }
  }
}
