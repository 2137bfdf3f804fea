import { chmod, copyFile, mkdtemp, rm, stat } from "node:fs/promises"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"

/** An executable that every user of this machine may run, and what removes it again. */
export interface Reachable {
  readonly path: string
  readonly remove: () => Promise<void>
}

/** The executable itself where everybody may go to it, else a copy: npx keeps what it installs in a home folder, which is root's alone on many machines. */
export async function reachable(executable: string): Promise<Reachable> {
  if (process.platform === "win32" || (await open(executable))) return { path: executable, remove: async () => {} }
  const folder = await mkdtemp(join(tmpdir(), "nself-bun-"))
  const path = join(folder, "bun")
  await copyFile(executable, path)
  await Promise.all([folder, path].map(one => chmod(one, 0o755)))
  return { path, remove: () => rm(folder, { recursive: true, force: true }) }
}

/** Whether others may pass through each folder above it, and run it. */
async function open(path: string): Promise<boolean> {
  if (((await stat(path)).mode & 0o001) === 0) return false
  return dirname(path) === path || open(dirname(path))
}
