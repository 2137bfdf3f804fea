import type { Context } from "../../core/context.ts"
import type { JournalCheck } from "../../core/journal.ts"
import { knownLedgers } from "../../core/ledger-digest.ts"
import type { Selection } from "../../core/tenant.ts"
import type { Applied } from "../../core/types.ts"
import { readMigrations } from "../../files/migrations.ts"
import { refuseElsewhere, setUp } from "../setup.ts"
import { checked } from "../runner/verify-checksums.ts"
import { withFleet } from "./fleet.ts"
import { overview } from "./overview.ts"
import { ledgerIn } from "./ledger-in.ts"
import { whyUnread } from "./status.ts"

export interface TenantsVerified {
  readonly env: string
  readonly total: number
  /** Tenants all of whose applied files are as they were. */
  readonly good: number
  /** Tenants with the same finding, most first. */
  readonly bad: readonly { readonly slugs: readonly string[]; readonly checks: readonly JournalCheck[] }[]
  readonly unread: readonly { readonly slug: string; readonly why: string }[]
}

/** Every applied migration of every tenant against its file: as many questions as `status --all-tenants`, whatever the number of tenants. */
export async function tenantsVerify(ctx: Context, request: { readonly env: string | null; readonly url: string | null; readonly selection: Selection }): Promise<TenantsVerified> {
  const setup = await setUp(ctx, request.env)
  refuseElsewhere(setup)
  const files = await readMigrations(setup.root, setup.out)
  return withFleet(ctx, setup, { url: request.url, command: "db migrate verify-checksums", runId: ctx.uuid(), selection: request.selection }, async fleet => {
    const book = new Map(knownLedgers(files))
    const items = await overview(fleet, book, { every: true })
    const groups = Map.groupBy(items, item => ledgerIn(item, book))
    const findings = [...groups].flatMap(([rows, group]) => {
      const checks = rows ? badChecks(rows, files) : []
      return checks.length === 0 ? [] : [{ slugs: group.map(item => item.tenant.slug), checks }]
    })
    const unread = items.flatMap(item => {
      const why = whyUnread(item)
      return why === null ? [] : [{ slug: item.tenant.slug, why }]
    })
    const bad = findings.toSorted((a, b) => b.slugs.length - a.slugs.length)
    return { env: setup.environment.name, total: items.length, good: items.length - unread.length - bad.reduce((sum, one) => sum + one.slugs.length, 0), bad, unread }
  })
}

function badChecks(rows: readonly Applied[], files: Parameters<typeof checked>[1]): readonly JournalCheck[] {
  return rows.filter(row => row.state === "applied").map(row => checked(row, files)).filter(check => check.state !== "ok")
}
