import { mkdir, open, rename, rm, stat } from "node:fs/promises"
import { dirname } from "node:path"
import { Fault } from "../core/fault.ts"
import { diskFault } from "./disk-fault.ts"

/** The work under this lock is a handful of small writes; an older lock was left by a crash. Milliseconds. */
const STALE_MS = 10_000

/** Runs `work` while no other process holds `path`, a file made with O_EXCL. Waits while another one works; a lock left by a crash is taken over. */
export async function withLock<T>(path: string, shown: string, work: () => Promise<T>): Promise<T> {
  try {
    await mkdir(dirname(path), { recursive: true })
    await take(path, shown)
  } catch (error) {
    throw diskFault(error, `write ${shown}`)
  }
  try {
    return await work()
  } finally {
    await rm(path, { force: true })
  }
}

async function take(path: string, shown: string): Promise<void> {
  for (let waited = 0; waited <= 2 * STALE_MS; waited += 25) {
    const handle = await open(path, "wx").catch(error => {
      if ((error as { code?: string }).code !== "EEXIST") throw error
      return null
    })
    if (handle) return handle.close()
    await removeStale(path)
    await Bun.sleep(25)
  }
  throw new Fault("locked", `another nself is writing here: ${shown} exists`, `wait for it, or remove ${shown} when no nself is running`)
}

/** Renames before removing: of two that find the same old lock only one succeeds. */
async function removeStale(path: string): Promise<void> {
  const found = await stat(path).catch(() => null)
  if (!found || Date.now() - found.mtimeMs < STALE_MS) return
  const aside = `${path}.${crypto.randomUUID()}`
  await rename(path, aside).then(() => rm(aside, { force: true }), () => {})
}
