import type { Context } from "../../core/context.ts"
import { setUp } from "../setup.ts"
import { withFleet } from "./fleet.ts"

export interface TenantsList {
  readonly source: string
  readonly tenants: readonly TenantListed[]
}

export interface TenantListed {
  readonly slug: string
  readonly schema: string
  readonly status: string | null
  /** Its database, without password. */
  readonly database: string
}

/** All tenants, those of every status, as the commands with `--all-tenants` see them. */
export async function tenantsList(ctx: Context, request: { readonly env: string | null; readonly url: string | null }): Promise<TenantsList> {
  const setup = await setUp(ctx, request.env)
  return withFleet(ctx, setup, { url: request.url, command: "db tenant list", runId: ctx.uuid(), selection: { all: true } }, async fleet => ({
    source: fleet.source,
    tenants: [...fleet.tenants, ...fleet.left].map(({ slug, schema, status, url }) => ({ slug, schema, status, database: fleet.placeOf({ url }).label }))
      .toSorted((a, b) => (a.slug < b.slug ? -1 : 1)),
  }))
}
