import { mkdir, rename } from "node:fs/promises"
import { dirname } from "node:path"
import { boot } from "./boot.ts"

/** Writes the data directory of a fresh cluster as a tar archive, compressed with zstd. Whole or not at all, so that several may do it at once. */
export async function makeTemplate(path: string): Promise<void> {
  const pglite = await boot({ extensions: [] })
  const tar = await (await pglite.dumpDataDir("none")).bytes()
  await pglite.close()
  await mkdir(dirname(path), { recursive: true })
  const fresh = `${path}.${Bun.randomUUIDv7()}`
  await Bun.write(fresh, await Bun.zstdCompress(tar, { level: 12 }))
  await rename(fresh, path)
}
