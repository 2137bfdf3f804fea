import type { PGlite } from "@electric-sql/pglite"
import { mkdir, readdir, rename, rm } from "node:fs/promises"
import { basename, join } from "node:path"
import { Fault } from "../core/fault.ts"
import type { Database, Session } from "../core/types.ts"
import { boot } from "./boot.ts"
import { DATA_FOLDER } from "./data-folder.ts"
import { hold } from "./hold.ts"
import { listen } from "./loopback.ts"
import { sessionOf } from "./session.ts"
import { clusterTemplate } from "./template.ts"

export interface EmbeddedOptions {
  /** How long to wait for another process that has it open. Milliseconds. */
  readonly waitMs: number
  /** What this process is doing, told to whoever waits: `db migrate up`. */
  readonly command: string
}

/**
 * Opens the development database of a project, made at the first use. One process at a time has it open.
 *
 * @param dir  its folder, absolute; made where it is missing
 * @throws a `locked` fault that names the process that holds it, a `failed` one where the disk or PostgreSQL says no
 */
export async function openEmbedded(dir: string, options: EmbeddedOptions): Promise<Database> {
  const shown = `${basename(dir)}/`
  const release = await onDisk(shown, async () => {
    await mkdir(dir, { recursive: true })
    return hold(dir, { ...options, shown })
  })
  try {
    const pglite = await onDisk(shown, () => start(dir))
    return databaseOf(pglite, `embedded database in ${shown}`, release)
  } catch (error) {
    await release()
    throw error
  }
}

async function onDisk<T>(shown: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Fault) throw error
    const reason = reasonOf(error)
    throw new Fault("failed", `cannot open the embedded database in ${shown}: ${reason}`, `look at the rights and the space of the disk; moving ${shown} away starts an empty one`, error)
  }
}

/** Numbers of WASI, which the file system inside PGlite throws in a bare object. Source: WASI preview 1, `errno`. */
const ERRNO: Readonly<Record<number, string>> = { 2: "no right to do that (EACCES)", 19: "the disk quota is used up (EDQUOT)", 51: "the disk is full (ENOSPC)", 69: "the file system is read-only (EROFS)" }

function reasonOf(error: unknown): string {
  if (error instanceof Error) return error.message
  const { errno } = error as { readonly errno?: number }
  return errno === undefined ? String(error) : (ERRNO[errno] ?? `error ${errno} of the file system`)
}

async function start(dir: string): Promise<PGlite> {
  const dataDir = join(dir, DATA_FOLDER)
  const names = await readdir(dir)
  await Promise.all(names.filter(name => name.startsWith(`${DATA_FOLDER}.`)).map(name => rm(join(dir, name), { recursive: true, force: true })))
  if (!names.includes(DATA_FOLDER) || (await isEmpty(dataDir))) await create(dataDir)
  return boot({ dataDir, fsync: true })
}

/** A folder that somebody made, or mounted, for a database to come. One that holds something else is none of ours. */
async function isEmpty(dataDir: string): Promise<boolean> {
  const names = await readdir(dataDir)
  if (names.length > 0 && !names.includes("PG_VERSION")) throw new Error(`${DATA_FOLDER}/ holds no database: PG_VERSION is missing`)
  return names.length === 0
}

/** Made aside and renamed, so that a crash while it is made leaves none rather than half a one; an empty folder gives way. */
async function create(dataDir: string): Promise<void> {
  const aside = `${dataDir}.new`
  const pglite = await boot({ dataDir: aside, template: clusterTemplate(), fsync: true })
  await pglite.close()
  await rename(aside, dataDir)
}

function databaseOf(pglite: PGlite, label: string, release: () => Promise<void>): Database {
  let open = 0
  const left = async (): Promise<void> => {
    open -= 1
    if (open === 0 && !pglite.closed) await asNew(pglite)
  }
  return {
    label,
    embedded: true,
    local: true,
    session: async () => {
      open += 1
      return ended(await sessionOf(pglite, left))
    },
    listen: searchPath => listen(pglite, searchPath ?? null),
    close: async () => {
      if (pglite.closed) return
      await pglite.close()
      await release()
    },
  }
}

/** What ends with a connection to a server ends with the last session here too: its transaction, settings, locks, temporary tables. */
async function asNew(pglite: PGlite): Promise<void> {
  if (pglite.isInTransaction()) await pglite.exec("rollback")
  await pglite.exec("discard all")
}

/** A session that rejects everything after its `close()`, as one to a server does. */
function ended(session: Session): Session {
  let closed = false
  const check = (): void => {
    if (closed) throw new Error("this session is closed")
  }
  return {
    ...session,
    query: async (sql, params) => (check(), session.query(sql, params)),
    script: async sql => (check(), session.script(sql)),
    copyIn: async (sql, rows) => (check(), session.copyIn(sql, rows)),
    close: async () => {
      if (closed) return
      closed = true
      await session.close()
    },
  }
}
