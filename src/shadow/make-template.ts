import { mkdir, rename } from "node:fs/promises"
import { dirname } from "node:path"
import { boot } from "./boot.ts"
import { leanTar } from "./tar.ts"
import type { Template } from "./template.ts"

/**
 * Writes the data directory of a fresh cluster as a tar archive, compressed with zstd. Whole or not at all, so that several may do it at once.
 *
 * @param kind  `cluster`: all of it; `shadow`: without what a database that lives for one command never opens (half of it), as each boot unpacks it
 */
export async function makeTemplate(path: string, kind: Template): Promise<void> {
  const pglite = await boot({ extensions: [] })
  const tar = await (await pglite.dumpDataDir("none")).bytes()
  await pglite.close()
  await mkdir(dirname(path), { recursive: true })
  const fresh = `${path}.${Bun.randomUUIDv7()}`
  await Bun.write(fresh, await Bun.zstdCompress(kind === "shadow" ? leanTar(tar, needless(tar)) : tar, { level: 12 }))
  await rename(fresh, path)
}

/** The databases `template1` (oid 1) and `template0` (oid 4), and the WAL segments prepared behind the one that holds the last checkpoint. */
function needless(tar: Uint8Array): (path: string) => boolean {
  const segments: string[] = []
  leanTar(tar, path => (/^pg_wal\/[0-9A-F]{24}$/.test(path) ? (segments.push(path), false) : false))
  const current = segments.toSorted()[0]
  return path => /^base\/[14]\/./.test(path) || (segments.includes(path) && path !== current)
}
