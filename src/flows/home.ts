import type { Context } from "../core/context.ts"
import { passwordsIn } from "../core/redact.ts"
import type { Database } from "../core/types.ts"
import { HOME, withDatabase, type OpenOptions } from "./database.ts"
import type { Setup } from "./setup.ts"

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
  const { withFleet } = await import("./tenants/fleet.ts")
  return withFleet(ctx, setup, { ...open, selection: { all: false, slugs: [tenant] } }, async fleet => {
    const { schema, url } = fleet.tenants[0]!
    const extensionSchema = await fleet.extensionSchema()
    if (url === null) return work({ database: fleet.database!, schema, extensionSchema, setup })
    for (const secret of passwordsIn(url)) ctx.hide?.(secret)
    const there = { ...setup, environment: { ...setup.environment, env: { ...setup.environment.env, DATABASE_URL: url } } }
    return withDatabase(ctx, there, { ...open, url: null }, database => work({ database, schema, extensionSchema, setup: there }))
  })
}
