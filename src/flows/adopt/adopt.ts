import type { Catalog, Drift } from "../../core/catalog.ts"
import { compare, driftLines, isSame } from "../../core/compare.ts"
import type { Context } from "../../core/context.ts"
import { Fault } from "../../core/fault.ts"
import type { Foreign, ForeignProject, Tool } from "../../core/foreign.ts"
import { identified } from "../../core/journal.ts"
import { applyChanges, type Change } from "../../files/changes.ts"
import { readForeignProject } from "../../files/adopt/detect.ts"
import { namesIn } from "../../files/adopt/read.ts"
import { readJournalSides } from "../../files/journal.ts"
import { comingFrom, refuseStrangers, type Coming } from "./files.ts"
import { adoptLedger, type LedgerAdopted } from "./ledger.ts"
import { walk, type WayDown } from "./walk.ts"
import { adoptedChanges } from "./write.ts"
import { setUp, type Setup } from "../setup.ts"
import { shadowsOf, type Shadows } from "../history/shadows.ts"
import { replay } from "../history/replay.ts"
import { inspect } from "../../kinds/inspect.ts"

export interface AdoptRequest {
  readonly env: string | null
  readonly url: string | null
  readonly shadowUrl: string | null
  /** `null`: whichever is found. */
  readonly tool: Tool | null
  /** `null`: where it usually is. */
  readonly source: string | null
  /** The other tool's own table, where it has another name than usual. */
  readonly table: string | null
  readonly stripPublic: boolean
  /** Make ways back for migrations that have none. */
  readonly downs: boolean
  /** Look at no database. */
  readonly offline: boolean
  readonly dryRun: boolean
}

export interface AdoptedRow {
  readonly name: string
  readonly from: string
  readonly state: Coming["state"]
  readonly wayDown: WayDown
  readonly notes: readonly string[]
}

export interface Adopted {
  readonly dryRun: boolean
  readonly tool: Tool
  readonly folder: string
  /** Empty where the files were adopted before and only a database follows. */
  readonly migrations: readonly AdoptedRow[]
  readonly notes: readonly string[]
  /** Files that were never run, and where they are now. */
  readonly aside: readonly { readonly from: string; readonly to: string }[]
  readonly gone: readonly string[]
  readonly written: number
  readonly engine: string
  /** `null`: none was looked at. */
  readonly database: LedgerAdopted | null
}

/**
 * Takes over the history of another tool: files, journal and checksums, a proved way back where there was none, and in the database the ledger, after
 * comparing the live catalog with the replay. Where the files were taken over before, only this environment's database follows.
 */
export async function adopt(ctx: Context, request: AdoptRequest): Promise<Adopted> {
  const setup = await setUp(ctx, request.env)
  const { sides } = await readJournalSides(setup.root, setup.out).catch(() => ({ sides: [] }))
  const before = sides[0]?.entries.filter(entry => entry.adopted) ?? []
  if (before.length > 0) return follow(ctx, setup, request)
  if (sides[0]?.entries.some(entry => entry.checksum)) throw new Fault("refused", `${setup.out} is nself's already: its journal has checksums`, "nself db migrate status")
  const project = await readForeignProject(setup.root, { tool: request.tool, folder: request.source, out: setup.out })
  refuseLinked(project)
  const all = await comingFrom(project, setup.out, request.stripPublic)
  refuseStrangers(await namesIn(setup.root, setup.out), project, all, setup.out)
  const shadows = await shadowsOf(ctx, setup, request.shadowUrl)
  try {
    const walked = await walk(ctx, shadows, all, request.downs)
    if (request.stripPublic) await refuseChanged(shadows, await comingFrom(project, setup.out, false), walked.catalog)
    const { changes, aside, files, journal } = adoptedChanges(setup.out, project, walked.coming, identified(sides[0] ?? EMPTY, ctx.uuid()))
    const database = request.offline ? null : await adoptLedger(ctx, setup, { request, shadows, tool: project.tool, pairs: walked.coming.map(({ foreign, migration }) => ({ foreign, migration })), history: { files, journal } }, () => write(setup, changes, request.dryRun))
    if (database === null) await write(setup, changes, request.dryRun)
    return {
      dryRun: request.dryRun, tool: project.tool, folder: project.folder, notes: project.notes, aside, gone: project.gone, written: changes.length, engine: walked.engine, database,
      migrations: walked.coming.map(({ migration, foreign, state, wayDown, notes }) => ({ name: migration.name, from: foreign.path, state, wayDown, notes })),
    }
  } finally {
    await shadows.close()
  }
}

const EMPTY = { version: "7", dialect: "postgresql", entries: [] } as const

async function write({ root, out }: Setup, changes: readonly Change[], dryRun: boolean): Promise<void> {
  if (!dryRun) await applyChanges(root, out, changes)
}

/** The files are nself's already: what the journal noted of the other tool is enough to read its table. */
async function follow(ctx: Context, setup: Setup, request: AdoptRequest): Promise<Adopted> {
  const { readHistory } = await import("../setup.ts")
  const history = await readHistory(setup)
  const byName = new Map(history.files.map(file => [file.name, file]))
  const pairs = history.journal.entries.flatMap(entry => (entry.adopted ? [{ foreign: remembered(entry.adopted, entry.when), migration: byName.get(entry.tag)! }] : []))
  const tool = history.journal.entries.find(entry => entry.adopted)!.adopted!.tool as Tool
  if (request.offline) throw new Fault("refused", `the files in ${setup.out} are nself's already; what is left is to take over databases`, "nself db migrate adopt --env <name>")
  const shadows = await shadowsOf(ctx, setup, request.shadowUrl)
  try {
    const database = await adoptLedger(ctx, setup, { request, shadows, tool, pairs, history }, async () => {})
    if (database === null) throw new Fault("refused", `the files in ${setup.out} are nself's already, and no database is configured`, "set DATABASE_URL, or give --url")
    return { dryRun: request.dryRun, tool, folder: setup.out, migrations: [], notes: [], aside: [], gone: [], written: 0, engine: "", database }
  } finally {
    await shadows.close()
  }
}

function remembered({ id, hashes }: { readonly id: string; readonly hashes: readonly string[] }, when: number): Foreign {
  return { id, slug: "", seq: null, path: "", up: "", down: null, hashes, when, snapshot: null, alone: false }
}

function refuseLinked(project: ForeignProject): void {
  if (project.migrations.length === 0) throw new Fault("refused", `${project.folder} has a journal and no migrations`, "nself db migrate generate --name initial")
}

/** Without the home schema's name the files must make the very same. */
async function refuseChanged(shadows: Shadows, original: readonly Coming[], stripped: Catalog): Promise<void> {
  const shadow = await shadows.open()
  try {
    await replay(shadow, original.map(one => one.migration))
    const drift: Drift = compare(await inspect(shadow.query), stripped)
    if (!isSame(drift)) throw new Fault("refused", `without "public". the files make something else:\n${driftLines(drift).slice(0, 10).join("\n")}`, "leave --strip-public out")
  } finally {
    await shadow.close()
  }
}
