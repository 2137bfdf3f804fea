import { statSync } from "node:fs"
import { join } from "node:path"
import { slugFor, type Foreign, type ForeignProject } from "../../core/foreign.ts"
import { at, namesIn, readForeign } from "./read.ts"

const FOLDER = /^(\d{10,17})_(.+)$/

/** drizzle-kit 1.0: `20260101120000_name/migration.sql` and `snapshot.json`, whose form nself does not read. */
export async function readDrizzleFolders(root: string, folder: string): Promise<ForeignProject | null> {
  const migrations = await readFolders(root, folder, async (path, name) => {
    const file = at(path, "migration.sql")
    if (!isFile(root, file)) return null
    const { text, hashes } = await readForeign(root, file)
    return { ...named(name, file), up: text, down: null, hashes, when: timeOf(name) }
  })
  return migrations.length === 0 ? null : { tool: "drizzle-folders", folder, migrations, unlisted: [], gone: [], notes: [] }
}

/** Hasura: `1600000000000_name/up.sql` and, where there is one, `down.sql`; below a folder for each database since its config version 3. */
export async function readHasura(root: string, folder: string): Promise<ForeignProject | null> {
  const below = (await namesIn(root, folder)).filter(name => !FOLDER.test(name)).map(name => at(folder, name))
  for (const place of [folder, ...below]) {
    const migrations = await readFolders(root, place, (path, name) => hasuraOf(root, path, name))
    if (migrations.length > 0) return { tool: "hasura", folder: place, migrations, unlisted: [], gone: [], notes: [] }
  }
  return null
}

async function hasuraOf(root: string, path: string, name: string): Promise<Draft | null> {
  const [up, down] = [at(path, "up.sql"), at(path, "down.sql")]
  if (!isFile(root, up)) return null
  const { text, hashes } = await readForeign(root, up)
  return { ...named(name, up), up: text, down: isFile(root, down) ? (await readForeign(root, down)).text : null, hashes, when: timeOf(name) }
}

type Draft = Omit<Foreign, "seq" | "snapshot" | "alone">

async function readFolders(root: string, folder: string, read: (path: string, name: string) => Promise<Draft | null>): Promise<readonly Foreign[]> {
  const names = (await namesIn(root, folder)).filter(name => FOLDER.test(name)).toSorted((a, b) => (order(a) < order(b) ? -1 : order(a) > order(b) ? 1 : a < b ? -1 : 1))
  const found = await Promise.all(names.map(name => read(at(folder, name), name)))
  return found.flatMap(one => (one ? [{ ...one, seq: null, snapshot: null, alone: false }] : []))
}

const order = (name: string): bigint => BigInt(FOLDER.exec(name)![1]!)
const named = (name: string, path: string) => ({ id: name, slug: slugFor(FOLDER.exec(name)![2]!), path })

/** A file where a folder was looked for is no such file either. */
function isFile(root: string, path: string): boolean {
  try {
    return statSync(join(root, path)).isFile()
  } catch {
    return false
  }
}

/** `20260101120000` or milliseconds since 1970. */
export function timeOf(name: string): number {
  const digits = /^\d+/.exec(name)?.[0] ?? "0"
  const parts = /^((?:19|20)\d\d)(\d\d)(\d\d)(\d\d)?(\d\d)?(\d\d)?\d*$/.exec(digits)
  if (!parts || Number(parts[2]) > 12) return Number(digits)
  const [, year, month, day, hour = "0", minute = "0", second = "0"] = parts
  return Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second))
}
