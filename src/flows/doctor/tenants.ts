import { isSame } from "../../core/compare.ts"
import type { Context } from "../../core/context.ts"
import type { Check } from "../../core/health/check.ts"
import { tenantsCheck } from "../../core/health/tenants.ts"
import type { Selection } from "../../core/tenant.ts"
import type { Session } from "../../core/types.ts"
import { tenantsDiff } from "../tenants/diff.ts"
import { tenantsStatus } from "../tenants/status.ts"

interface Asked {
  readonly env: string | null
  readonly url: string | null
  /** `null`: nobody asked for tenants, so only their ledgers are looked at. */
  readonly selection: Selection | null
  readonly citus: boolean
}

/** All tenants at a glance, their shapes too where they were asked for; `null` where there are none and nobody asked. */
export async function tenantsExamined(ctx: Context, { env, url, selection, citus }: Asked): Promise<Check | null> {
  const quiet = { ...ctx, talk: () => {} }
  const status = await tenantsStatus(quiet, { env, url, selection: selection ?? { all: true }, matrix: false, exitCode: false })
  if (status.total === 0 && !selection) return null
  const diff = selection && status.total > 0 ? await tenantsDiff(quiet, { env, url, shadowUrl: null, selection }) : null
  return tenantsCheck({
    total: status.total, behind: status.groups.filter(group => group.pending.length > 0).flatMap(group => group.slugs), unread: status.unread, citus,
    odd: status.groups.filter(group => group.odd.length > 0).map(group => ({ slugs: group.slugs, said: group.odd })),
    drifted: diff && diff.shapes.filter(shape => !isSame(shape.drift)).flatMap(shape => shape.slugs),
  })
}

/** Whether Citus distributes schemas in this database. */
export async function hasCitus(session: Session): Promise<boolean> {
  const [row] = await session.query<{ there: boolean }>("select exists (select from pg_catalog.pg_extension where extname = 'citus') or to_regclass('pg_catalog.pg_dist_schema') is not null as there")
  return row?.there === true
}
