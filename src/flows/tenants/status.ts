import type { Context } from "../../core/context.ts"
import { knownLedgers } from "../../core/ledger-digest.ts"
import { pendingOf, versionOf } from "../../core/plan.ts"
import type { Selection } from "../../core/tenant.ts"
import type { Applied, Migration } from "../../core/types.ts"
import { readHistory, refuseElsewhere, setUp } from "../setup.ts"
import { withFleet } from "./fleet.ts"
import { overview } from "./overview.ts"
import { ledgerIn } from "./ledger-in.ts"
import type { Item } from "./visit.ts"

export interface TenantsStatusRequest {
  /** The value of `--env`. */
  readonly env: string | null
  /** The value of `--url`. */
  readonly url: string | null
  readonly selection: Selection
  readonly matrix: boolean
  /** Whether a pending migration is to end in a non-zero exit code. */
  readonly exitCode: boolean
}

/** How one migration stands at a tenant. */
export type Mark = "applied" | "pending" | "altered" | "unfinished" | "late"

/** Tenants whose ledgers say the same. */
export interface StatusGroup {
  readonly version: number
  /** The name of the newest applied migration; `null` for none. */
  readonly name: string | null
  readonly pending: readonly string[]
  /** What is not as it should be: altered files, rows without a file, unfinished ones, late ones. */
  readonly odd: readonly string[]
  readonly slugs: readonly string[]
}

export interface TenantsStatus {
  readonly env: string
  readonly source: string
  readonly total: number
  readonly files: readonly string[]
  /** Most tenants first. */
  readonly groups: readonly StatusGroup[]
  /** Tenants that could not be looked at, and why. */
  readonly unread: readonly { readonly slug: string; readonly why: string }[]
  readonly left: readonly string[]
  /** One mark per file and tenant; `null` where it was not asked for. */
  readonly matrix: readonly { readonly slug: string; readonly marks: readonly Mark[] }[] | null
  readonly exitCode: boolean
}

/** Where all tenants are, in at most five questions per database. */
export async function tenantsStatus(ctx: Context, request: TenantsStatusRequest): Promise<TenantsStatus> {
  const setup = await setUp(ctx, request.env)
  refuseElsewhere(setup)
  const { files } = await readHistory(setup)
  return withFleet(ctx, setup, { url: request.url, command: "db migrate status", runId: ctx.uuid(), selection: request.selection }, async fleet => {
    const book = new Map(knownLedgers(files))
    const items = await overview(fleet, book, { every: true })
    const read = items.flatMap(item => {
      const rows = ledgerIn(item, book)
      return rows ? [{ item, rows }] : []
    })
    return {
      env: setup.environment.name, source: fleet.source, total: items.length, files: files.map(file => file.name), exitCode: request.exitCode,
      groups: [...Map.groupBy(read, one => one.rows)].map(([rows, all]) => groupOf(files, rows, all.map(one => one.item.tenant.slug))).toSorted((a, b) => b.slugs.length - a.slugs.length),
      unread: items.flatMap(item => {
        const why = whyUnread(item)
        return why === null ? [] : [{ slug: item.tenant.slug, why }]
      }),
      left: fleet.left.map(one => one.slug), matrix: request.matrix ? read.map(({ item, rows }) => ({ slug: item.tenant.slug, marks: files.map(file => markOf(file, rows)) })) : null,
    }
  })
}

/** Why a tenant could not be looked at; `null`: it was. */
export function whyUnread({ state, trouble, tenant }: Item): string | null {
  if (trouble !== null) return trouble
  if (state?.kind === "missing") return `schema ${JSON.stringify(tenant.schema)} does not exist`
  return state?.kind === "denied" ? `this role may not read the ledger in schema ${JSON.stringify(tenant.schema)}` : null
}

function groupOf(files: readonly Migration[], rows: readonly Applied[], slugs: readonly string[]): StatusGroup {
  const version = versionOf(rows)
  const known = new Set(files.map(file => file.seq))
  const said = (mark: Mark, word: string): readonly string[] => files.filter(file => markOf(file, rows) === mark).map(file => `${file.name} ${word}`)
  return {
    version, name: rows.find(row => row.seq === version)?.name ?? null, pending: pendingOf(files, rows).map(file => file.name), slugs,
    odd: [...said("altered", "was altered"), ...said("unfinished", "is unfinished"), ...said("late", "is older than the last applied one"), ...rows.filter(row => !known.has(row.seq)).map(row => `${row.name} has no file here`)],
  }
}

function markOf(file: Migration, rows: readonly Applied[]): Mark {
  const row = rows.find(one => one.seq === file.seq)
  if (!row) return file.seq < versionOf(rows) ? "late" : "pending"
  if (row.state !== "applied") return "unfinished"
  return row.sha256 === file.up.sha256 ? "applied" : "altered"
}
