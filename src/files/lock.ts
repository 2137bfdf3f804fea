import { mkdir, open, readFile, rename, rm, stat } from "node:fs/promises"
import { existsSync } from "node:fs"
import { hostname } from "node:os"
import { dirname, join } from "node:path"
import { Fault } from "../core/fault.ts"
import { diskFault } from "./disk-fault.ts"

/** The work under this lock is a handful of small writes; an older lock was left by a crash, whoever made it. Milliseconds. */
const STALE_MS = 10_000
/** Between making the file and saying in it who holds it lies one write; who has not said it after this died there. Milliseconds. */
const NAMELESS_MS = 2_000

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
    if (handle) return void (await handle.writeFile(`${hostname()} ${process.pid}\n`).finally(() => handle.close()))
    await removeStale(path)
    await Bun.sleep(25)
  }
  throw new Fault("locked", `another nself is writing here: ${shown} exists`, `wait for it, or remove ${shown} when no nself is running`)
}

/** Renames before removing: of two that find the same old lock only one succeeds. */
async function removeStale(path: string): Promise<void> {
  const found = await stat(path).catch(() => null)
  const age = found ? Date.now() - found.mtimeMs : 0
  if (!found || (age < (found.size === 0 ? NAMELESS_MS : STALE_MS) && !(await ownerIsDead(path)))) return
  const aside = `${path}.${crypto.randomUUID()}`
  await rename(path, aside).then(() => rm(aside, { force: true }), () => {})
}

/** Only a process of this machine can be asked after; one in another container has another host name. */
async function ownerIsDead(path: string): Promise<boolean> {
  const [host, pid] = (await readFile(path, "utf8").catch(() => "")).trim().split(" ")
  if (host !== hostname() || !Number.isSafeInteger(Number(pid)) || Number(pid) <= 0) return false
  try {
    process.kill(Number(pid), 0)
    return false
  } catch (error) {
    return (error as { code?: string }).code === "ESRCH"
  }
}

/** Whether a nself writes migrations here at this moment, or died while it did. */
export function isWriting(root: string, out: string): boolean {
  return existsSync(join(root, out, "meta/.lock"))
}
