import { randomUUID } from "node:crypto"
import { stat } from "node:fs/promises"
import { join, posix } from "node:path"
import { sha256, tagged } from "../core/checksum.ts"
import { Fault } from "../core/fault.ts"
import { appendEntry, identified, journalText } from "../core/journal.ts"
import { pad, seqOfTag } from "../core/name.ts"
import { applyChangesLocked } from "./changes.ts"
import { diskFault } from "./disk-fault.ts"
import { journalPath, readJournal } from "./journal.ts"
import { withLock } from "./lock.ts"
import { readMigrations } from "./migrations.ts"
import { snapshotPath, snapshotText } from "./snapshots.ts"

export interface NewMigration {
  /** `0003_add_documents`, number included. */
  readonly name: string
  readonly up: string
  readonly down: string
  /** drizzle-kit's snapshot; `null` when there is none to write. */
  readonly snapshot: unknown
  /** Milliseconds since 1970. */
  readonly when: number
}

/**
 * Writes one migration: up file, down file, snapshot, and the journal last; all of them or none.
 *
 * @returns the paths written, relative to `root`, in that order
 * Throws `conflict` when the number was taken since it was chosen, and `failed` when the disk refuses.
 */
export async function writeMigration(root: string, out: string, migration: NewMigration): Promise<readonly string[]> {
  const seq = seqOfTag(migration.name)
  if (seq === null) throw new Fault("usage", `not a migration name: ${migration.name}`, "NNNN_name")
  const lock = posix.join(out.replaceAll("\\", "/"), "meta/.lock")
  return withLock(join(root, lock), lock, async () => {
    await refuseTaken(root, out, seq)
    const files = await filesOf(root, out, seq, migration)
    await refuseThere(root, files)
    await applyChangesLocked(root, out, files)
    return files.map(file => file.path)
  })
}

async function refuseTaken(root: string, out: string, seq: number): Promise<void> {
  const taken = (await readMigrations(root, out)).find(file => file.seq >= seq)
  if (!taken) return
  throw new Fault("conflict", `number ${pad(seq)} was taken meanwhile: ${taken.up.path} exists; nothing was written`, "nself db migrate generate (once more)")
}

/** Only the journal is replaced. */
async function refuseThere(root: string, files: readonly NewFile[]): Promise<void> {
  for (const { path, replace } of files) {
    if (!replace && (await stat(join(root, path)).catch(() => null))) throw diskFault({ code: "EEXIST" }, `write ${path}`)
  }
}

interface NewFile {
  readonly path: string
  readonly text: string
  readonly replace: boolean
}

async function filesOf(root: string, out: string, seq: number, { name, up, down, snapshot, when }: NewMigration): Promise<readonly NewFile[]> {
  const at = (file: string): string => posix.join(out.replaceAll("\\", "/"), file)
  const journal = appendEntry(identified(await readJournal(root, out), randomUUID()), { when, tag: name, checksum: tagged(sha256(up)), downChecksum: tagged(sha256(down)) })
  return [
    { path: at(`${name}.sql`), text: up, replace: false },
    { path: at(`${name}.down.sql`), text: down, replace: false },
    ...(snapshot === null ? [] : [{ path: snapshotPath(out, seq), text: snapshotText(snapshot), replace: false }]),
    { path: journalPath(out), text: journalText(journal), replace: true },
  ]
}
