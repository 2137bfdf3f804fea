import { randomUUID } from "node:crypto"
import { link, mkdir, open, rename, rm } from "node:fs/promises"
import { dirname, join } from "node:path"
import { diskFault } from "./disk-fault.ts"

export interface NewFile {
  /** Relative to the root that `writeGroup` is given. */
  readonly path: string
  readonly text: string
  /** `true`: an existing file is replaced; `false`: it makes the whole group fail. */
  readonly replace: boolean
}

/**
 * Writes files in the order given, each whole or not at all, and all or none: everything is on disk under a temporary name
 * before the first gets its own; when one fails, the new ones are removed again. Files to be replaced belong at the end.
 *
 * Throws a `failed` fault for a full disk, a read-only folder, a file that is there already.
 */
export async function writeGroup(root: string, files: readonly NewFile[]): Promise<void> {
  const temporary: string[] = []
  const placed: string[] = []
  let current = files[0]?.path ?? ""
  try {
    for (const file of files) {
      current = file.path
      temporary.push(await writeTemporary(join(root, file.path), file.text))
    }
    for (const [i, file] of files.entries()) {
      current = file.path
      const target = join(root, file.path)
      await place(temporary[i]!, target, file.replace)
      if (!file.replace) placed.push(target)
    }
  } catch (error) {
    await Promise.all(placed.map(path => rm(path, { force: true })))
    throw diskFault(error, `write ${current}`)
  } finally {
    await Promise.all(temporary.map(path => rm(path, { force: true }).catch(() => {})))
  }
  for (const folder of new Set(files.map(file => dirname(join(root, file.path))))) await syncFolder(folder)
}

/** The file's text beside its target, safely on disk; returns the temporary path. Nothing is left when it fails. */
export async function writeTemporary(target: string, text: string): Promise<string> {
  await mkdir(dirname(target), { recursive: true })
  const path = join(dirname(target), `.nself-${randomUUID()}.tmp`)
  const handle = await open(path, "wx", 0o644)
  try {
    await handle.writeFile(text, "utf8")
    await handle.sync()
    await handle.close()
    return path
  } catch (error) {
    await handle.close().catch(() => {})
    await rm(path, { force: true })
    throw error
  }
}

async function place(temporary: string, target: string, replace: boolean): Promise<void> {
  if (replace) return rename(temporary, target)
  try {
    await link(temporary, target)
  } catch (error) {
    // Some file systems know no hard links; there, a placeholder made with O_EXCL keeps the name until the rename.
    if (!["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"].includes((error as { code?: string }).code ?? "")) throw error
    await (await open(target, "wx", 0o644)).close()
    await rename(temporary, target)
  }
}

/** A rename is only safe from a power cut once its folder is on disk; systems that cannot sync a folder are left alone. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r").catch(() => null)
  await handle?.sync().catch(() => {})
  await handle?.close().catch(() => {})
}
