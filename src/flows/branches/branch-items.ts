import { join } from "node:path"
import { chainFaults, NOBODY } from "../../core/chain.ts"
import { tagged, sha256 } from "../../core/checksum.ts"
import { journalText, type Journal, type JournalEntry } from "../../core/journal.ts"
import { isGenerated, withPath } from "../../core/migration-text.ts"
import { pad } from "../../core/name.ts"
import type { Migration, SqlFile } from "../../core/types.ts"
import type { Change } from "../../files/changes.ts"
import { addedIn, textAt } from "../../files/git.ts"
import { journalPath, readJournalSides } from "../../files/journal.ts"
import { readMigrations } from "../../files/migrations.ts"
import { readSnapshotSides, snapshotPath, snapshotText } from "../../files/snapshots.ts"
import type { Setup } from "../setup.ts"

/** A snapshot as nself handles it: its ids, and the rest. */
export interface Snapshot {
  readonly id: string
  readonly prevId: string
  readonly [key: string]: unknown
}

/** One migration with all that belongs to it. */
export interface Item {
  readonly migration: Migration
  /** Its own snapshot, not one that shares its number; `null` where there is none. */
  readonly snapshot: Snapshot | null
  readonly entry: JournalEntry | null
}

/** A project's migrations as they are on disk, unfinished merges included. */
export interface Folder {
  readonly root: string
  readonly out: string
  readonly items: readonly Item[]
  /** What stands in the journal beside its entries. */
  readonly journal: Journal
  /** Entries that name no file. */
  readonly orphans: readonly JournalEntry[]
  /** Every file of the migrations as it is on disk, by path, LF line ends. */
  readonly onDisk: ReadonlyMap<string, string>
}

/** Reads everything; git's markers in journal and snapshots are taken apart, and a snapshot goes to the migration that it came with. */
export async function readFolder({ root, out }: Pick<Setup, "root" | "out">): Promise<Folder> {
  const files = await readMigrations(root, out)
  const { sides } = await readJournalSides(root, out)
  const entries = new Map(sides.toReversed().flatMap(side => side.entries.map(entry => [entry.tag, entry] as const)))
  const groups = [...Map.groupBy(files, file => file.seq).values()]
  const items = await Promise.all(groups.map(async group => {
    const snapshots = await snapshotsOf({ root, out }, group, sides)
    return group.map((migration, i) => ({ migration, snapshot: snapshots[i] ?? null, entry: entries.get(migration.name) ?? null }))
  }))
  const names = new Set(files.map(file => file.name))
  const journal = { ...sides[0]!, ...(sides.find(side => side.project !== undefined) ? { project: sides.find(side => side.project !== undefined)!.project! } : {}) }
  return { root, out, items: items.flat(), journal, orphans: [...entries.values()].filter(entry => !names.has(entry.tag)), onDisk: await diskOf(root, out, files) }
}

async function diskOf(root: string, out: string, files: readonly Migration[]): Promise<ReadonlyMap<string, string>> {
  const sql = files.flatMap(({ up, down }) => [up, ...(down ? [down] : [])]).map(file => [file.path, file.text] as const)
  const paths = [...new Set(files.map(file => snapshotPath(out, file.seq)))]
  const snapshots = await Promise.all(paths.map(async path => [path, await Bun.file(join(root, path)).text().catch(() => null)] as const))
  return new Map([...sql, ...snapshots.filter((pair): pair is readonly [string, string] => pair[1] !== null)])
}

/** One snapshot file for each number: where several migrations share it, git and the two sides of the merge tell whose it is. */
async function snapshotsOf({ root, out }: Pick<Setup, "root" | "out">, group: readonly Migration[], sides: readonly Journal[]): Promise<readonly (Snapshot | null)[]> {
  const found = (await readSnapshotSides(root, out, group[0]!.seq)).flatMap(one => asSnapshot(one) ?? [])
  if (group.length === 1 && found.length <= 1) return [found[0] ?? null]
  const own = await Promise.all(group.map(async ({ name, seq, up }, i) => {
    const side = sides.length > 1 ? sides.findIndex((one, n) => one.entries.some(entry => entry.tag === name) && !sides[1 - n]!.entries.some(entry => entry.tag === name)) : -1
    if (side >= 0 && found.length > 1) return found[side] ?? null
    const commit = await addedIn(root, up.path)
    const then = commit === null ? null : await textAt(root, commit, snapshotPath(out, seq))
    return parsed(then) ?? (i === 0 ? (found[0] ?? null) : null)
  }))
  return own.map((one, i) => (one && own.findIndex(other => other?.id === one.id) === i ? one : null))
}

function parsed(text: string | null): Snapshot | null {
  try {
    return text === null ? null : asSnapshot(JSON.parse(text))
  } catch {
    return null
  }
}

function asSnapshot(value: unknown): Snapshot | null {
  const ids = value as Partial<Snapshot> | null
  return typeof ids?.id === "string" && typeof ids.prevId === "string" ? (ids as Snapshot) : null
}

/** The item under another number: names and the paths in the files' heads go along. */
export function withSeq(item: Item, seq: number): Item {
  const { migration } = item
  if (migration.seq === seq) return item
  const name = migration.name.replace(/^\d+/, pad(seq))
  const moved = (file: SqlFile): SqlFile => {
    const path = file.path.replace(migration.name, name)
    const text = withPath(file.text, file.path, path)
    return { path, text, sha256: sha256(text) }
  }
  return {
    migration: { seq, name, up: moved(migration.up), down: migration.down && moved(migration.down) },
    snapshot: item.snapshot, entry: item.entry && { ...item.entry, tag: name },
  }
}

/** Items that were made without one that now stands before them, and those that lost their snapshot in a merge: they must be tried again. */
export function unsettled(items: readonly Item[]): ReadonlySet<Item> {
  const linked = items.flatMap(({ migration, snapshot }) => (snapshot ? [{ seq: migration.seq, id: snapshot.id, prevId: snapshot.prevId }] : []))
  const first = Math.min(...chainFaults(linked).map(fault => (fault.kind === "forked" ? fault.seqs[1]! : fault.seq)), Infinity)
  return new Set(items.filter(({ migration, snapshot }) => (snapshot ? migration.seq >= first : isGenerated(migration.up.text))))
}

/** The files before an item that its author knew: those its snapshot follows, and hand-written ones in between. */
export function knownTo(item: Item, before: readonly Item[]): readonly Item[] {
  const byId = new Map(before.flatMap(one => (one.snapshot ? [[one.snapshot.id, one] as const] : [])))
  const known = new Set<Item>()
  let id = item.snapshot?.prevId ?? NOBODY
  for (let one = byId.get(id); one && !known.has(one); one = byId.get((id = one.snapshot!.prevId))) known.add(one)
  const newest = Math.max(0, ...[...known].map(one => one.migration.seq))
  return before.filter(one => known.has(one) || (one.snapshot === null && one.migration.seq < newest))
}

/** The journal for these items: their order, `when` strictly rising, checksums of the files as they are. */
export function journalFor(journal: Journal, items: readonly Item[]): Journal {
  let last = -1
  const entries = items.map(({ migration, entry }, idx) => {
    last = Math.max(entry?.when ?? last + 1, last + 1)
    return {
      idx, version: entry?.version ?? "7", when: last, tag: migration.name, breakpoints: entry?.breakpoints ?? true,
      checksum: tagged(migration.up.sha256), ...(migration.down ? { downChecksum: tagged(migration.down.sha256) } : {}),
      ...(entry?.adopted ? { adopted: entry.adopted } : {}),
    }
  })
  return { ...journal, entries }
}

/** What has to be written and removed so that the folder holds `items`; the journal comes last. Files that stay as they are are not touched. */
export function changesFor(folder: Folder, items: readonly Item[]): readonly Change[] {
  const after = textsOf(folder.out, items)
  const gone = [...folder.onDisk.keys()].filter(path => !after.has(path)).map(path => ({ path, text: null }))
  const written = [...after].filter(([path, text]) => folder.onDisk.get(path) !== text).map(([path, text]) => ({ path, text }))
  return [...written, ...gone]
}

/** The journal as a file to be written. */
export function journalChange(folder: Folder, items: readonly Item[]): Change {
  return { path: journalPath(folder.out), text: journalText(journalFor(folder.journal, items)) }
}

/** Items that share a number share the place of their snapshot: the first one's is kept there. */
function textsOf(out: string, items: readonly Item[]): Map<string, string> {
  const texts = new Map<string, string>()
  for (const { migration: { seq, up, down }, snapshot } of items) {
    texts.set(up.path, up.text)
    if (down) texts.set(down.path, down.text)
    const path = snapshotPath(out, seq)
    if (snapshot && !texts.has(path)) texts.set(path, snapshotText(snapshot))
  }
  return texts
}
