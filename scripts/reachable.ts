import { chmod, mkdtemp, rm, stat } from "node:fs/promises"
import { tmpdir } from "node:os"
import { basename, dirname, join } from "node:path"

/** A file or a folder that every user of this machine may use, and what removes it again. */
export interface Reachable {
  readonly path: string
  readonly remove: () => Promise<void>
}

/**
 * The thing itself where everybody may go to it, else a copy: what npx installs is in a home folder, and what `mktemp -d` makes is its owner's alone. Only root
 * runs anything as somebody else; for others it is the thing itself.
 */
export async function reachable(path: string): Promise<Reachable> {
  if (process.getuid?.() !== 0 || (await open(path))) return { path, remove: async () => {} }
  const folder = await mkdtemp(join(tmpdir(), "nself-open-"))
  const copy = join(folder, basename(path))
  await Bun.$`cp -a ${path} ${copy}`.quiet()
  await Bun.$`chmod -R a+rX ${copy}`.quiet()
  await chmod(folder, 0o755)
  return { path: copy, remove: () => rm(folder, { recursive: true, force: true }) }
}

/** Whether others may pass through each folder above it, and use it. */
async function open(path: string): Promise<boolean> {
  if (((await stat(path)).mode & 0o001) === 0) return false
  return dirname(path) === path || open(dirname(path))
}
