import type { Catalog, Drift } from "../../core/catalog.ts"
import { isSame } from "../../core/compare.ts"
import type { Context } from "../../core/context.ts"
import type { Diff } from "../../core/diff.ts"
import { extensionVersionsIn } from "../../core/extensions-in.ts"
import { Fault } from "../../core/fault.ts"
import { filtered, type Filter } from "../../core/filter.ts"
import { pendingOf, versionOf } from "../../core/plan.ts"
import { pruned } from "../../core/prune.ts"
import { seenThroughSquashes } from "../../core/squash.ts"
import type { Applied, Migration } from "../../core/types.ts"
import { ddl } from "../../kinds/ddl.ts"
import { outdatedNotes, REACH, versionChanges, versionsOf, type Reach, type VersionChanges } from "../../kinds/extension.ts"
import { HOME, withDatabase, withSession } from "../database.ts"
import { historiesOf, type HistoryPlace } from "../history/histories.ts"
import { readLive, type Live } from "./live.ts"
import { readHistory, refuseElsewhere, setUp, type Setup } from "../setup.ts"
import { shadowsOf, type Shadows } from "../history/shadows.ts"
import { standInNotes, withStandIns, type StoodIn } from "../history/stand-ins.ts"
import { survive, type Survived } from "../history/survive.ts"
import { readSchema, ungeneratedOf } from "./ungenerated.ts"

export interface DiffRequest {
  /** The value of `--env`. */
  readonly env: string | null
  /** The value of `--url`. */
  readonly url: string | null
  /** The value of `--against`: a second database instead of the history. */
  readonly against: string | null
  /** The value of `--shadow-url`. */
  readonly shadowUrl: string | null
}

/** What differs between the database and its history, what is not applied yet, and what has no migration yet. */
export async function diff(ctx: Context, request: DiffRequest): Promise<Diff> {
  const setup = await setUp(ctx, request.env)
  refuseElsewhere(setup)
  const shadows = await shadowsOf(ctx, setup, request.shadowUrl)
  try {
    const read: Reading = (url, files = []) => readLiveOf(ctx, setup, url, { shadows, files })
    if (request.against === null) return await fromHistory(ctx, setup, shadows, files => read(request.url, files))
    return await fromOther(setup, shadows, await read(request.url), await read(request.against))
  } finally {
    await shadows.close()
  }
}

interface Read extends Live {
  readonly label: string
  /** Names that stand for extensions which the embedded PostgreSQL does not carry; `null` where none are needed. */
  readonly stoodIn: StoodIn | null
  readonly reach: readonly Reach[]
}

type Reading = (url: string | null, files?: readonly Migration[]) => Promise<Read>

async function readLiveOf(ctx: Context, setup: Setup, url: string | null, { shadows, files }: { readonly shadows: Shadows; readonly files: readonly Migration[] }): Promise<Read> {
  return withDatabase(ctx, setup, { url, command: "db migrate diff", runId: ctx.uuid() }, async database => {
    const live = await readLive(database)
    const some = versionsOf(live.catalog).size > 0
    const more = await withSession(database, async session => ({ stoodIn: await withStandIns(shadows, files, session.query), reach: some ? await session.query<Reach>(REACH) : [] }))
    return { ...live, label: database.label, ...more }
  })
}

async function fromHistory(ctx: Context, setup: Setup, own: Shadows, read: (files: readonly Migration[]) => Promise<Read>): Promise<Diff> {
  const { files } = await readHistory(setup)
  const [live, schema] = await Promise.all([read(files), readSchema(ctx, setup)])
  const shadows = live.stoodIn?.shadows ?? own
  const { applied, notes } = appliedFiles(files, live.ledger)
  const place: HistoryPlace = { root: setup.root, version: ctx.version, shadows }
  const [at, all] = await historiesOf(place, "why" in schema || applied.length === files.length ? [applied] : [applied, files])
  const found = await driftOf(setup, shadows, at!.catalog, live.catalog)
  const named = await extensionVersionsIn(applied.map(file => file.up.text))
  const versions = versionChanges(named, live.catalog, live.reach)
  const outdated = outdatedNotes(named, live.catalog, live.reach)
  return {
    env: setup.environment.name, database: live.label, engine: live.engine, shadow: at!.engine, against: null,
    version: versionOf(live.ledger), ...withVersions(found, versions), notes: [...notes, ...versions.notes, ...outdated, ...(live.stoodIn ? standInNotes(live.stoodIn, live.catalog) : []), ...found.notes],
    pending: pendingOf(files, live.ledger).map(file => ({ name: file.name, path: file.up.path })),
    ungenerated: await ungeneratedOf(place, schema, { files, catalog: (all ?? at!).catalog }),
  }
}

async function fromOther(setup: Setup, shadows: Shadows, live: Read, other: Read): Promise<Diff> {
  const found = await driftOf(setup, shadows, other.catalog, live.catalog)
  const versions = versionChanges(versionsOf(other.catalog), live.catalog, live.reach)
  return {
    env: setup.environment.name, database: live.label, engine: live.engine, shadow: null, against: other.label,
    version: versionOf(live.ledger), pending: [], ungenerated: { looked: false, why: "two databases were compared" },
    ...withVersions(found, versions), notes: [...found.notes, ...versions.notes],
  }
}

type Found = Awaited<ReturnType<typeof driftOf>>

function withVersions(found: Found, versions: VersionChanges): Found {
  return { ...found, drift: { ...found.drift, changed: [...found.drift.changed, ...versions.changed] }, sql: [...found.sql, ...versions.sql] }
}

export const filterOf = ({ config }: Pick<Setup, "config">): Filter => ({ schemas: config.schemaFilter, tables: config.tablesFilter, ignore: [...config.ignore, ...tenantPattern(config)] })

/** Schemas that the config calls tenants', migrated or not. */
const tenantPattern = ({ tenants: { source } }: Setup["config"]): readonly string[] => (source.kind === "schemas" ? [source.pattern] : [])

/** The real difference, what was left to others, and the statements that end it. */
export async function driftOf(setup: Pick<Setup, "config">, shadows: Shadows, wanted: Catalog, had: Catalog): Promise<Pick<Diff, "drift" | "ignored" | "notes" | "sql">> {
  const { catalogs: [want, have], ignored } = filtered(filterOf(setup), HOME, [wanted, had])
  const survived = await survive(shadows, want!, have!)
  const sql = isSame(survived.drift) ? [] : ddl(adopted(want!, have!, survived.drift), have!)
  return { drift: pruned(survived.drift, want!, have!), ignored, notes: textNotes(survived), sql }
}

/** The goal, but with the database's own text where nothing but the text differs, so that no statement touches it. */
export function adopted(want: Catalog, have: Catalog, drift: Drift): Catalog {
  const changed = new Set(drift.changed.map(change => change.want.id))
  return { ...want, objects: new Map([...want.objects].map(([id, object]) => [id, changed.has(id) ? object : (have.objects.get(id) ?? object)])) }
}

export function textNotes({ asText }: Survived): string[] {
  return asText.map(({ object, reason }) => `${object.kind} ${object.key} was compared as text, because the shadow cannot make it: ${reason} (--shadow-url <url> lets a real server be the shadow)`)
}

/** The files that the ledger says are applied, in the order of their numbers. Throws `refused` where one of them is not here. */
export function appliedFiles(files: readonly Migration[], ledger: readonly Applied[]): { readonly applied: readonly Migration[]; readonly notes: readonly string[] } {
  const rows = new Map(seenThroughSquashes(files, ledger).filter(row => row.state === "applied").map(row => [row.seq, row]))
  const applied = files.filter(file => rows.has(file.seq))
  const gone = [...rows.values()].filter(row => !applied.some(file => file.seq === row.seq))
  if (gone.length > 0) {
    throw new Fault("refused", `the database has migrations applied that are not in this folder: ${gone.map(row => row.name).join(", ")}`, "update this checkout (git pull), or restore the missing files from git")
  }
  const altered = applied.filter(file => rows.get(file.seq)!.sha256 !== file.up.sha256).map(file => `${file.name} was altered after it was applied, so the history is not what ran: nself db migrate verify-checksums`)
  const half = ledger.filter(row => row.state !== "applied").map(row => `${row.name} is only half applied (${row.state}); what it did so far shows as drift`)
  return { applied, notes: [...altered, ...half] }
}
