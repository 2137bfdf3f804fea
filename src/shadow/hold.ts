import { Database as Sqlite } from "bun:sqlite"
import { rename, rm } from "node:fs/promises"
import { join } from "node:path"
import { Fault } from "../core/fault.ts"

export interface HoldOptions {
  /** How long to wait for another process. Milliseconds. */
  readonly waitMs: number
  /** What this process is doing, told to whoever waits: `db migrate up`. */
  readonly command: string
  /** For messages: `.nself/`. */
  readonly shown: string
}

interface Holder {
  readonly pid: number
  readonly command: string
  /** ISO time. */
  readonly since: string
}

const ASK_EVERY_MS = 50

/**
 * Holds a folder for this process until the returned function is called. The lock is SQLite's on the file `lock` in it, which the
 * kernel takes back when a process dies, however it dies; `holder.json` only tells others who holds it.
 *
 * @throws a `locked` fault that names the holder, once `waitMs` have passed
 */
export async function hold(folder: string, options: HoldOptions): Promise<() => Promise<void>> {
  const lock = new Sqlite(join(folder, "lock"))
  const until = performance.now() + options.waitMs
  while (!taken(lock)) {
    if (performance.now() >= until) {
      lock.close()
      throw await lockedFault(folder, options.shown)
    }
    await Bun.sleep(ASK_EVERY_MS)
  }
  await tell(folder, { pid: process.pid, command: options.command, since: new Date().toISOString() })
  return async () => {
    await rm(join(folder, "holder.json"), { force: true })
    lock.close()
  }
}

function taken(lock: Sqlite): boolean {
  try {
    lock.run("BEGIN EXCLUSIVE")
    return true
  } catch (error) {
    if ((error as { code?: string }).code === "SQLITE_BUSY") return false
    throw error
  }
}

async function tell(folder: string, holder: Holder): Promise<void> {
  const path = join(folder, "holder.json")
  await Bun.write(`${path}.new`, JSON.stringify(holder))
  await rename(`${path}.new`, path)
}

async function lockedFault(folder: string, shown: string): Promise<Fault> {
  const holder: Partial<Holder> = await Bun.file(join(folder, "holder.json")).json().catch(() => ({}))
  const who = holder.pid === undefined ? "another process" : `process ${holder.pid} (nself ${holder.command}) since ${holder.since}`
  return new Fault("locked", `the embedded database in ${shown} is in use by ${who}`, "wait until it has ended, then run this again")
}
