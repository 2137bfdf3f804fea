import { sha256, tagged } from "../../core/checksum.ts"
import type { Context } from "../../core/context.ts"
import { Fault } from "../../core/fault.ts"
import { slugOf } from "../../core/name.ts"
import { refuseConflicts } from "../../core/plan.ts"
import type { Session } from "../../core/types.ts"
import { loadConfig, loadDeclared } from "../../drizzle/load.ts"
import { applyChanges, type Change } from "../../files/changes.ts"
import { readConfig } from "../../files/config.ts"
import { readEnvironment } from "../../files/environment.ts"
import { readSqlFiles } from "../../files/sql-files.ts"
import type { Catalog } from "../../core/catalog.ts"
import { changesFor, journalChange, type Folder, type Item } from "./branch-items.ts"
import { shadowsOf } from "../history/shadows.ts"
import { rebaseItems, type Declare, type Settled } from "./rebase-items.ts"

/** What a rebase did, or would do. */
export interface RebaseResult {
  readonly dryRun: boolean
  /** Files that got another number. */
  readonly moved: readonly { readonly from: string; readonly to: string }[]
  /** Every migration that was tried again. */
  readonly tried: readonly { readonly name: string; readonly state: Settled["state"]; readonly notes: readonly string[] }[]
  /** Files whose text is no longer what the journal noted. */
  readonly rehashed: readonly string[]
  /** Journal entries without a file, left out. */
  readonly dropped: readonly string[]
  readonly written: readonly string[]
  readonly removed: readonly string[]
  readonly engine: string
}

export interface RebaseRequest {
  readonly dryRun: boolean
  /** Leave out journal entries whose files are gone. */
  readonly dropMissing: boolean
  /** The value of `--env`. */
  readonly env: string | null
  /** The value of `--shadow-url`. */
  readonly shadowUrl: string | null
}

/**
 * Tries what must be tried, and writes files, snapshots and journal for `items`, all or nothing.
 *
 * @param items  under their new numbers; `moved` says which of them are not where they were
 */
export async function rebaseFolder(ctx: Context, folder: Folder, items: readonly Item[], moved: readonly { readonly from: string; readonly item: Item }[], request: RebaseRequest): Promise<RebaseResult> {
  const sorted = items.toSorted((a, b) => a.migration.seq - b.migration.seq)
  refuseConflicts(sorted.map(item => item.migration))
  const { ordered, dropped } = adopted(folder, sorted, request)
  const again = ordered.filter(item => moved.some(one => one.item.migration.name === item.migration.name))
  const shadows = await shadowsOf(ctx, { environment: await readEnvironment(folder.root, request.env, ctx.env) }, request.shadowUrl)
  const { settled, engine } = await rebaseItems(ctx, { out: folder.out, items: ordered, moved: again, declare: declareFor(ctx, folder.root), shadows }).finally(() => shadows.close())
  const result = settled.map(one => one.item)
  const changes = [...changesFor(folder, result), ...changedJournal(await journalOnDisk(folder), journalChange(folder, result))]
  if (!request.dryRun && changes.length > 0) await applyChanges(folder.root, folder.out, changes)
  return {
    dryRun: request.dryRun, engine, dropped, moved: moved.map(({ from, item }) => ({ from, to: item.migration.name })),
    tried: settled.filter(one => one.state !== "kept").map(({ item, state, notes }) => ({ name: item.migration.name, state, notes })),
    rehashed: settled.filter(one => one.state === "kept" && isRehashed(one.item)).map(one => one.item.migration.name),
    written: changes.filter(change => change.text !== null).map(change => change.path), removed: changes.filter(change => change.text === null).map(change => change.path),
  }
}

const isRehashed = ({ entry, migration }: Item): boolean => entry?.checksum !== undefined && entry.checksum !== tagged(migration.up.sha256)

async function journalOnDisk({ root, out }: Folder): Promise<string | null> {
  return Bun.file(`${root}/${out}/meta/_journal.json`).text().catch(() => null)
}

const changedJournal = (onDisk: string | null, change: Change): readonly Change[] => (onDisk !== null && change.text !== null && sha256(onDisk) === sha256(change.text) ? [] : [change])

/** An entry whose file was given another number goes to that file; one whose file is nowhere is refused, or left out on request. */
function adopted(folder: Folder, items: readonly Item[], { dropMissing }: RebaseRequest): { readonly ordered: readonly Item[]; readonly dropped: readonly string[] } {
  const open = new Map(folder.orphans.map(entry => [slugOf(entry.tag), entry]))
  const ordered = items.map(item => {
    const entry = item.entry ? undefined : open.get(slugOf(item.migration.name))
    if (!entry) return item
    open.delete(slugOf(entry.tag))
    return { ...item, entry: { ...entry, tag: item.migration.name } }
  })
  const dropped = [...open.values()].map(entry => entry.tag)
  if (dropped.length === 0 || dropMissing) return { ordered, dropped }
  throw new Fault("refused", `the journal names ${dropped.map(tag => `${tag}.sql`).join(", ")}, but there is no such file`,
    `restore it from git: git log --all --oneline -- '*${dropped[0]}.sql'; or leave it out for good: nself db migrate journal rebase --drop-missing`)
}

/** Runs the schema files only when they are needed; a schema that cannot be read is nothing to go by. */
function declareFor(ctx: Context, root: string): Declare {
  return async (shadow: Session, history: Catalog) => {
    const launch = { self: ctx.self, env: ctx.env, signal: ctx.signal }
    try {
      const config = await readConfig(root, { execute: configPath => loadConfig({ root, configPath }, launch) })
      const declared = await loadDeclared({ root, configPath: config.path, patterns: config.schema, out: config.out, casing: config.casing }, launch)
      const { declaredCatalog } = await import("../generate/declare.ts")
      return await declaredCatalog(shadow, { declared, history, sqlFiles: await readSqlFiles(config.root, config.sql), updatedAtTriggers: config.updatedAtTriggers })
    } catch (error) {
      if (error instanceof Fault) return null
      throw error
    }
  }
}
