import { existsSync } from "node:fs"
import { mkdir, readdir, rename, rm, stat, utimes } from "node:fs/promises"
import { join } from "node:path"
import { sha256 } from "../core/checksum.ts"
import type { Catalog, CatalogObject, ObjectId } from "../core/catalog.ts"

/** A catalog that took a replay to find out, and the engine that read it. */
export interface Cached {
  readonly engine: string
  readonly catalog: Catalog
}
interface Stored { readonly engine: string; readonly objects: readonly CatalogObject[]; readonly needs: readonly (readonly [ObjectId, readonly ObjectId[]])[] }

/** Files kept, the ones used last. */
const MOST_FILES = 12

/** The name of a cached catalog: everything its content depends on. */
export function cacheKey(parts: readonly string[]): string {
  return sha256(JSON.stringify(parts)).slice(0, 40)
}

/** `null` where it is not there or cannot be read: a cache may be missing at any time. */
export async function readCache(root: string, key: string): Promise<Cached | null> {
  const path = pathOf(root, key)
  try {
    const bytes = await Bun.zstdDecompress(await Bun.file(path).bytes())
    const { engine, objects, needs } = JSON.parse(Buffer.from(bytes).toString("utf8")) as Stored
    const now = new Date()
    await utimes(path, now, now)
    return { engine, catalog: { objects: new Map(objects.map(object => [object.id, object])), needs: new Map(needs) } }
  } catch {
    return null
  }
}

/** Keeps a catalog for the next time; a disk that refuses is no fault of the command that asked. */
export async function writeCache(root: string, key: string, { engine, catalog }: Cached): Promise<void> {
  const path = pathOf(root, key)
  const fresh = `${path}.${crypto.randomUUID()}.tmp`
  const stored: Stored = { engine, objects: [...catalog.objects.values()], needs: [...catalog.needs] }
  try {
    await mkdir(folderOf(root), { recursive: true })
    await keepOutOfGit(root)
    await Bun.write(fresh, await Bun.zstdCompress(JSON.stringify(stored), { level: 1 }))
    await rename(fresh, path)
    await prune(root)
  } catch {
    await rm(fresh, { force: true }).catch(() => {})
  }
}

const folderOf = (root: string): string => join(root, ".nself/cache")
const pathOf = (root: string, key: string): string => join(folderOf(root), `${key}.json.zst`)

async function keepOutOfGit(root: string): Promise<void> {
  const path = join(root, ".nself/.gitignore")
  if (!existsSync(path)) await Bun.write(path, "*\n")
}

async function prune(root: string): Promise<void> {
  const folder = folderOf(root)
  const paths = (await readdir(folder)).map(name => join(folder, name))
  const aged = await Promise.all(paths.map(async path => ({ path, at: (await stat(path)).mtimeMs })))
  await Promise.all(aged.toSorted((a, b) => b.at - a.at).slice(MOST_FILES).map(({ path }) => rm(path, { force: true })))
}
