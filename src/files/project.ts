import { existsSync } from "node:fs"
import { dirname, join, resolve } from "node:path"

/** Every name a config file may have, the first one found counts. */
export const CONFIG_FILES: readonly string[] = [
  "drizzle.config.ts", "drizzle.config.mts", "drizzle.config.js", "drizzle.config.mjs", "drizzle.config.cjs", "drizzle.config.json",
]
/** What makes a folder a project even without a config, strongest first. */
const MARKS: readonly string[] = ["migrations/meta/_journal.json", "src/db/schema", "src/db/schema.ts", "migrations"]

/**
 * The root of the project that `cwd` stands in: the nearest folder upwards with a config file, else the nearest with migrations or a schema, else `cwd`.
 * The walk ends at the folder that holds `.git`: a config above a repository belongs to something else.
 */
export function findRoot(cwd: string): string {
  const folders = upwards(resolve(cwd))
  const withOne = (names: readonly string[]) => folders.find(dir => names.some(name => existsSync(join(dir, name))))
  return withOne(CONFIG_FILES) ?? withOne(MARKS) ?? resolve(cwd)
}

/** Whether this folder holds anything of a project: a config, migrations, a schema, an embedded database. */
export function isProject(root: string): boolean {
  return [...CONFIG_FILES, ...MARKS, ".nself"].some(name => existsSync(join(root, name)))
}

function upwards(start: string): string[] {
  const folders = [start]
  for (let dir = start; !existsSync(join(dir, ".git")) && dir !== dirname(dir);) folders.push((dir = dirname(dir)))
  return folders
}
