import { readFile, rename, rm } from "node:fs/promises"
import { join, posix } from "node:path"
import { Fault } from "../core/fault.ts"
import { diskFault } from "./disk-fault.ts"
import { withLock } from "./lock.ts"
import { syncFolder, writeTemporary } from "./write.ts"

/** What a file is to be: its whole text, or gone. */
export interface Change {
  /** Relative to the root, with `/`. */
  readonly path: string
  /** `null`: the file is removed. */
  readonly text: string | null
}

/** What is still to be done once every text is safely on disk. A crash leaves this file, and the next command ends the work. */
interface Redo {
  readonly moves: readonly { readonly from: string; readonly to: string }[]
  readonly removes: readonly string[]
}

const redoPath = (out: string): string => posix.join(out.replaceAll("\\", "/"), "meta/.redo.json")

/**
 * Makes all the changes, or none, whatever happens in between: `kill -9` at any moment leaves a folder that the next command finishes.
 *
 * @param out  the migrations folder, relative to `root`
 * Throws a `failed` fault where the disk refuses; then every file is as it was.
 */
export async function applyChanges(root: string, out: string, changes: readonly Change[]): Promise<void> {
  const lock = posix.join(out.replaceAll("\\", "/"), "meta/.lock")
  await withLock(join(root, lock), lock, () => applyChangesLocked(root, out, changes))
}

/** As `applyChanges`, for a caller that holds the lock of the folder already. */
export async function applyChangesLocked(root: string, out: string, changes: readonly Change[]): Promise<void> {
  await finishChanges(root, out)
  const before = await Promise.all(changes.map(async ({ path }) => ({ path, text: await readFile(join(root, path)).catch(() => null) })))
  const redo = await prepared(root, out, changes)
  try {
    await finish(root, out, redo)
  } catch (error) {
    await giveBack(root, before)
    for (const path of [redoPath(out), ...redo.moves.map(move => move.from)]) await rm(join(root, path), { force: true })
    throw diskFault(error, `write ${changes[0]?.path ?? out}`)
  }
}

/** Ends what a crash interrupted; one look at the disk where nothing was. */
export async function finishChanges(root: string, out: string): Promise<void> {
  const text = await readFile(join(root, redoPath(out)), "utf8").catch(() => null)
  if (text === null) return
  try {
    await finish(root, out, JSON.parse(text) as Redo)
  } catch (error) {
    throw new Fault("failed", `an interrupted change of ${out} cannot be finished: ${(error as Error).message}`, `make ${out} writable, then run the command again`, error)
  }
}

/** Every text under a temporary name, and the list of what is left to do; nothing anybody reads has changed yet. */
async function prepared(root: string, out: string, changes: readonly Change[]): Promise<Redo> {
  const temporary: string[] = []
  try {
    const moves: { from: string; to: string }[] = []
    for (const { path, text } of changes) {
      if (text === null) continue
      const from = await writeTemporary(join(root, path), text)
      temporary.push(from)
      moves.push({ from: posix.join(posix.dirname(path), from.slice(from.lastIndexOf(".nself-"))), to: path })
    }
    const redo: Redo = { moves, removes: changes.filter(change => change.text === null).map(change => change.path) }
    const ready = await writeTemporary(join(root, redoPath(out)), JSON.stringify(redo))
    temporary.push(ready)
    await rename(ready, join(root, redoPath(out)))
    return redo
  } catch (error) {
    await Promise.all(temporary.map(path => rm(path, { force: true }).catch(() => {})))
    throw diskFault(error, `write ${changes[0]?.path ?? out}`)
  }
}

/** May be done twice, by two processes, and from any point: what is done already is passed over. */
async function finish(root: string, out: string, { moves, removes }: Redo): Promise<void> {
  for (const { from, to } of moves) {
    await rename(join(root, from), join(root, to)).catch((error: { code?: string }) => {
      if (error.code !== "ENOENT") throw error
    })
  }
  for (const path of removes) await rm(join(root, path), { force: true })
  const folders = new Set([...moves.map(move => move.to), ...removes].map(path => posix.dirname(path)))
  for (const folder of folders) await syncFolder(join(root, folder))
  await rm(join(root, redoPath(out)), { force: true })
}

async function giveBack(root: string, before: readonly { readonly path: string; readonly text: Buffer | null }[]): Promise<void> {
  for (const { path, text } of before) await (text === null ? rm(join(root, path), { force: true }) : Bun.write(join(root, path), text)).catch(() => {})
}
