import { Glob } from "bun"
import { join } from "node:path"
import { sha256 } from "../core/checksum.ts"
import type { SqlFile } from "../core/types.ts"
import { readText } from "./read-text.ts"

/** The SQL declarations of a project (`src/db/sql/*.sql`), sorted by path; none where the pattern matches nothing. */
export async function readSqlFiles(root: string, pattern: string): Promise<readonly SqlFile[]> {
  const paths = [...new Glob(pattern.replace(/^\.\//, "")).scanSync({ cwd: root, onlyFiles: true })].toSorted()
  const files = await Promise.all(paths.map(async path => ({ path, text: (await readText(root, join(root, path), path)) ?? "" })))
  return files.map(file => ({ ...file, sha256: sha256(file.text) }))
}
