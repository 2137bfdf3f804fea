import type { Catalog, CatalogObject, Drift } from "../../core/catalog.ts"
import type { Context } from "../../core/context.ts"
import type { Ignored } from "../../core/filter.ts"
import { pendingOf, versionOf } from "../../core/plan.ts"
import { rootOf } from "../../core/prune.ts"
import type { Selection } from "../../core/tenant.ts"
import type { Migration } from "../../core/types.ts"
import { inspect } from "../../kinds/inspect.ts"
import { inSnapshot } from "../../pg/snapshot.ts"
import { appliedFiles, driftOf } from "../drift/diff.ts"
import { historyOf } from "../history/histories.ts"
import { readHistory, refuseElsewhere, setUp, type Setup } from "../setup.ts"
import { shadowsOf, type Shadows } from "../history/shadows.ts"
import { withFleet } from "./fleet.ts"
import { shapesOf, type TenantShape } from "./shapes.ts"

export interface TenantsDiffRequest {
  /** The value of `--env`. */
  readonly env: string | null
  /** The value of `--url`. */
  readonly url: string | null
  /** The value of `--shadow-url`. */
  readonly shadowUrl: string | null
  readonly selection: Selection
}

/** One distinct shape, and how it differs from what the migrations make. */
export interface ShapeDiff {
  readonly slugs: readonly string[]
  readonly version: number
  readonly drift: Drift
  readonly pending: readonly string[]
  readonly notes: readonly string[]
  readonly ignored: Ignored
  /** Statements that close the drift when they run with the tenant's schema as `search_path`. */
  readonly sql: readonly string[]
}

export interface TenantsDiff {
  readonly env: string
  readonly source: string
  readonly total: number
  /** Most tenants first. */
  readonly shapes: readonly ShapeDiff[]
  readonly unread: readonly { readonly slug: string; readonly why: string }[]
}

/** All tenants against their history: schemas are looked at in batches, and one tenant of each distinct shape is compared. */
export async function tenantsDiff(ctx: Context, request: TenantsDiffRequest): Promise<TenantsDiff> {
  const setup = await setUp(ctx, request.env)
  refuseElsewhere(setup)
  const { files } = await readHistory(setup)
  const shadows = await shadowsOf(ctx, setup, request.shadowUrl)
  try {
    return await withFleet(ctx, setup, { url: request.url, command: "db migrate diff", runId: ctx.uuid(), selection: request.selection }, async fleet => {
      const { shapes, missing } = await shapesOf(fleet, fleet.tenants, files)
      const found: ShapeDiff[] = []
      for (const shape of shapes) found.push(await shapeDiff(ctx, setup, shadows, files, shape))
      return { env: setup.environment.name, source: fleet.source, total: fleet.tenants.length, shapes: found, unread: missing }
    })
  } finally {
    await shadows.close()
  }
}

async function shapeDiff(ctx: Context, setup: Setup, shadows: Shadows, files: readonly Migration[], shape: TenantShape): Promise<ShapeDiff> {
  const ledger = shape.ledger ?? []
  const { applied, notes } = appliedFiles(files, ledger)
  const history = await historyOf({ root: setup.root, version: ctx.version, shadows }, applied)
  const live = await catalogOf(shape)
  const found = await driftOf(setup, shadows, history.catalog, withoutNeighbours(live, history.catalog))
  return { ...found, slugs: shape.tenants.map(one => one.slug), version: versionOf(ledger), pending: pendingOf(files, ledger).map(file => file.name), notes: [...notes, ...found.notes] }
}

async function catalogOf({ place, tenants }: TenantShape): Promise<Catalog> {
  const session = await place.session()
  try {
    return await inSnapshot(session, () => inspect(session.query, tenants[0]!.schema, true))
  } finally {
    await session.close()
  }
}

/** Extensions, publications and the like belong to the whole database; what others have of them is no tenant's drift. */
function withoutNeighbours(live: Catalog, history: Catalog): Catalog {
  const isShared = (object: CatalogObject): boolean => {
    const root = rootOf(live, object)
    return root.kind === "extension" || root.kind === "schema" || (root.data as { readonly schema?: unknown } | null)?.schema === undefined
  }
  return { ...live, objects: new Map([...live.objects].filter(([id, object]) => history.objects.has(id) || !isShared(object))) }
}

