import { readdir, realpath } from "node:fs/promises"
import { isAbsolute, join, posix, relative, resolve, sep } from "node:path"
import { normalise, sha256 } from "../core/checksum.ts"
import { closest } from "../core/closest.ts"
import { Fault } from "../core/fault.ts"
import { inOrder, seedName, type SeedName } from "../core/seed.ts"
import type { SqlFile } from "../core/types.ts"
import { diskFault } from "./disk-fault.ts"
import { readText } from "./read-text.ts"

/** Hasura's name of a database becomes part of a path. Throws a `usage` fault on what is no plain name. */
export function checkDatabaseName(name: string): void {
  if (!/^[\w-][\w.-]*$/.test(name)) throw new Fault("usage", `not a database name: \`${name}\``, "--database-name default")
}

/** Folders of `db seed`, first found wins for a bare name. `database`: Hasura's name of it, `default` unless said. */
export const seedFolders = (database: string): readonly string[] => ["seeds", `seeds/${database}`, `hasura/seeds/${database}`]
/** Folders of `db hasura seed apply`, in the order they are looked through. */
export const hasuraFolders = (database: string): readonly string[] => [`hasura/seeds/${database}`, `seeds/${database}`, "seeds"]

/** All seeds that lie in these folders (not below them), in the order they run. */
export async function listSeeds(root: string, folders: readonly string[]): Promise<readonly SeedName[]> {
  const lists = await Promise.all(folders.map(async folder => (await filesOf(root, folder)).map(file => seedName(`${folder}/${file}`))))
  return inOrder(lists.flat().filter(seed => seed !== null))
}

async function filesOf(root: string, folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(join(root, folder), { withFileTypes: true })).filter(entry => !entry.isDirectory()).map(entry => entry.name)
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes((error as { code?: string }).code ?? "")) return []
    throw diskFault(error, `read ${folder}`)
  }
}

/**
 * The seed that `--file` names: a path from where the person stands or from the root, or a bare name in one of the folders.
 * Throws `usage` where there is none or it is no seed, `refused` where it lies outside of the project.
 */
export async function findSeed(root: string, cwd: string, typed: string, folders: readonly string[]): Promise<SeedName> {
  const paths = [resolve(cwd, typed), resolve(root, typed), ...(/[\\/]/.test(typed) ? [] : folders.map(folder => join(root, folder, typed)))]
  for (const path of paths) {
    if (!(await realpath(path).then(() => true, () => false))) continue
    const shown = relative(root, path).split(sep).join(posix.sep)
    if (isAbsolute(shown) || shown.startsWith("../")) throw new Fault("refused", `${typed} lies outside of the project`, "copy it into seeds/")
    const seed = seedName(shown)
    if (seed) return seed
    throw new Fault("usage", `${shown} is no seed: seeds are .sql and .ts files`, "nself db seed --file seeds/001_roles.sql")
  }
  throw await noSuchSeed(root, typed, folders)
}

async function noSuchSeed(root: string, typed: string, folders: readonly string[]): Promise<Fault> {
  const known = (await listSeeds(root, folders)).map(seed => seed.path)
  const near = closest(typed, [...known, ...known.map(path => path.slice(path.lastIndexOf("/") + 1))])
  return new Fault("usage", `no seed file ${typed} (looked in ${folders.join("/, ")}/)`, near ? `--file ${near}` : "give the path of a file: --file seeds/001_roles.sql")
}

/** A seed's text. Throws as `readText` does, and `failed` where it is gone. */
export async function readSeed(root: string, { path }: SeedName): Promise<SqlFile> {
  const raw = await readText(root, join(root, path), path)
  if (raw === null) throw new Fault("failed", `${path} is gone, or a link to nowhere`, `restore it from git: git checkout -- ${path}`)
  const text = normalise(raw)
  return { path, text, sha256: sha256(text) }
}
