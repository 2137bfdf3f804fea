import { basename } from "node:path"
import type { Drift } from "../../core/catalog.ts"
import type { Context } from "../../core/context.ts"
import { Fault } from "../../core/fault.ts"
import type { Diagram } from "../../core/diagram.ts"
import { versionOf } from "../../core/plan.ts"
import type { Applied, Database, Migration } from "../../core/types.ts"
import { diagramOf } from "../../kinds/diagram.ts"
import { withDatabase } from "../database.ts"
import { appliedFiles, driftOf } from "../drift/diff.ts"
import { historiesOf } from "../history/histories.ts"
import { readLive, type Live } from "../drift/live.ts"
import { readHistory, setUp, type Setup } from "../setup.ts"
import { shadowsOf } from "../history/shadows.ts"
import { tenantsStatus, type TenantsStatus } from "../tenants/status.ts"
import { rowsOf, type PendingRow } from "../runner/status.ts"

export interface ReportRequest {
  /** The value of `--env`. */
  readonly env: string | null
  /** The value of `--url`. */
  readonly url: string | null
}

export interface ReportRow {
  readonly name: string
  readonly appliedAt: Date
  readonly durationMs: number | null
  readonly state: Applied["state"]
  readonly file: "same" | "altered" | "missing"
}

/** All that the page shows. */
export interface Report {
  readonly project: string
  readonly env: string
  readonly database: string
  readonly engine: string
  readonly version: number
  readonly madeAt: Date
  /** Newest first. */
  readonly history: readonly ReportRow[]
  readonly pending: readonly (PendingRow & { readonly path: string; readonly sql: string })[]
  /** What was changed by hand; or why nobody could look. */
  readonly drift: { readonly found: Drift; readonly sql: readonly string[] } | { readonly why: string }
  /** What all migrations make; changes against the database's version are marked. `null`: the history cannot be replayed. */
  readonly diagram: Diagram | null
  /** `null`: no tenants were found, or they could not be looked at. */
  readonly tenants: TenantsStatus | null
}

/** Everything about one database at one moment. Changes nothing; what cannot be looked at is told, and the rest is shown. */
export async function report(ctx: Context, request: ReportRequest): Promise<Report> {
  const setup = await setUp(ctx, request.env)
  const { files } = await readHistory(setup)
  const { live, label } = await withDatabase(ctx, setup, { url: request.url, command: "db report", runId: ctx.uuid() }, async (database: Database) => ({ live: await readLive(database), label: database.label }))
  const { pending } = rowsOf(files, live.ledger)
  return {
    project: basename(setup.root), env: setup.environment.name, database: label, engine: live.engine, version: versionOf(live.ledger), madeAt: ctx.now(),
    history: live.ledger.map(row => rowOf(row, files)).toReversed(),
    pending: pending.map(row => ({ ...row, ...sqlOf(row, files) })),
    ...(await pictures(ctx, setup, files, live)), tenants: await tenants(ctx, request),
  }
}

function rowOf({ seq, name, appliedAt, durationMs, state, sha256 }: Applied, files: readonly Migration[]): ReportRow {
  const file = files.find(one => one.seq === seq)
  return { name, appliedAt, durationMs, state, file: !file ? "missing" : file.up.sha256 === sha256 ? "same" : "altered" }
}

function sqlOf({ name }: PendingRow, files: readonly Migration[]): { readonly path: string; readonly sql: string } {
  const { path, text } = files.find(file => file.name === name)!.up
  return { path, sql: text }
}

async function pictures(ctx: Context, setup: Setup, files: readonly Migration[], live: Live): Promise<Pick<Report, "drift" | "diagram">> {
  const shadows = await shadowsOf(ctx, setup, null)
  try {
    const { applied } = appliedFiles(files, live.ledger)
    const [before, after] = await historiesOf({ root: setup.root, version: ctx.version, shadows }, applied.length === files.length ? [files] : [applied, files])
    const { drift, sql } = await driftOf(setup, shadows, before!.catalog, live.catalog)
    return { drift: live.ledger.length === 0 ? { why: "nothing is applied yet" } : { found: drift, sql }, diagram: diagramOf((after ?? before!).catalog, before!.catalog) }
  } catch (error) {
    if (error instanceof Fault) return { drift: { why: error.message }, diagram: null }
    throw error
  } finally {
    await shadows.close()
  }
}

/** Most projects have none, and say so by a fault. */
async function tenants(ctx: Context, { env, url }: ReportRequest): Promise<TenantsStatus | null> {
  try {
    const found = await tenantsStatus({ ...ctx, talk: () => {} }, { env, url, selection: { all: true }, matrix: true, exitCode: false })
    return found.total > 0 ? found : null
  } catch (error) {
    if (error instanceof Fault) return null
    throw error
  }
}
