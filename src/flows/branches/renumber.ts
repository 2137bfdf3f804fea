import { basename } from "node:path"
import type { Context } from "../../core/context.ts"
import { Fault } from "../../core/fault.ts"
import { nextSeq, pad } from "../../core/name.ts"
import type { Applied } from "../../core/types.ts"
import { applyChanges } from "../../files/changes.ts"
import { readJournalSides } from "../../files/journal.ts"
import { appliedIn } from "./applied-in.ts"
import { actorOf, audit } from "../runner/audit.ts"
import { changesFor, journalChange, readFolder, withSeq, type Folder, type Item } from "./branch-items.ts"
import { HOME, withDatabase, withSession } from "../database.ts"
import { setUp, type Setup } from "../setup.ts"

export interface RenumberRequest {
  readonly env: string | null
  readonly url: string | null
  /** `0004_add_notifications.sql`, with or without a folder and the ending. */
  readonly file: string
  readonly to: number
  readonly dryRun: boolean
}

export interface Renumbered {
  readonly dryRun: boolean
  readonly from: string
  readonly to: string
  readonly written: readonly string[]
  readonly removed: readonly string[]
}

/**
 * Gives one migration another number: its file, its down file, its snapshot; in the journal too, unless a merge is open there.
 *
 * Throws `usage` where the file is not there or the number is taken, `refused` where it is applied in this environment.
 */
export async function renumber(ctx: Context, request: RenumberRequest): Promise<Renumbered> {
  const setup = await setUp(ctx, request.env)
  const folder = await readFolder(setup)
  const item = itemOf(folder, request.file)
  refuseTaken(folder, item, request.to)
  const rows = await appliedIn(ctx, setup, { url: request.url, command: "db migrate renumber" })
  refuseApplied(rows, item, setup.environment.name)
  const moved = withSeq(item, request.to)
  const items = folder.items.map(one => (one === item ? moved : one)).toSorted((a, b) => a.migration.seq - b.migration.seq)
  const { line } = await readJournalSides(setup.root, setup.out)
  const changes = [...changesFor(folder, items), ...(line === null ? [journalChange(folder, items)] : [])]
  if (!request.dryRun && moved !== item) {
    await applyChanges(setup.root, setup.out, changes)
    if (rows.length > 0) await noted(ctx, setup, request.url, `${item.migration.name} becomes ${moved.migration.name}`)
  }
  return {
    dryRun: request.dryRun, from: item.migration.name, to: moved.migration.name,
    written: changes.filter(change => change.text !== null).map(change => change.path), removed: changes.filter(change => change.text === null).map(change => change.path),
  }
}

/** A database that has this history hears of it: `db migrate log`. It has no number there, for nothing was applied under it. */
async function noted(ctx: Context, setup: Setup, url: string | null, detail: string): Promise<void> {
  const actor = await actorOf(ctx, setup, ctx.uuid())
  const event = { action: "renumber", schema: HOME, version: null, name: null, before: null, after: null, result: "done", detail } as const
  await withDatabase(ctx, setup, { url, command: "db migrate renumber", runId: actor.runId }, database => withSession(database, session => audit(session, actor, event)))
}

function itemOf(folder: Folder, typed: string): Item {
  const name = basename(typed).replace(/(\.down)?\.sql$/, "")
  const found = folder.items.find(item => item.migration.name === name)
  if (found) return found
  const last = folder.items.at(-1)?.migration.name
  throw new Fault("usage", `there is no migration ${name}.sql in ${folder.out}`, last ? `for example: nself db migrate renumber ${last}.sql --to ${pad(nextSeq(folder.items.map(item => item.migration.seq)))}` : "nself db migrate status")
}

function refuseTaken(folder: Folder, item: Item, to: number): void {
  const taken = folder.items.find(one => one.migration.seq === to && one !== item)
  if (!taken) return
  const free = nextSeq(folder.items.map(one => one.migration.seq))
  throw new Fault("usage", `number ${pad(to)} is taken by ${taken.migration.name}.sql`, `nself db migrate renumber ${item.migration.name}.sql --to ${pad(free)}`)
}

function refuseApplied(rows: readonly Applied[], { migration }: Item, env: string): void {
  if (!rows.some(row => row.seq === migration.seq && row.name === migration.name)) return
  throw new Fault("refused", `${migration.name}.sql is applied in env ${env}: under another number it would be applied again`,
    "renumber the other file; or, where this one has to move: nself db migrate rebase, then nself db migrate repair")
}
