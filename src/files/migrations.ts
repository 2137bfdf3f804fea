import { readdir } from "node:fs/promises"
import { join, posix } from "node:path"
import { normalise, sha256 } from "../core/checksum.ts"
import { Fault } from "../core/fault.ts"
import { parseFileName, type FileName } from "../core/name.ts"
import { squashesIn } from "../core/squash.ts"
import type { Migration, SqlFile } from "../core/types.ts"
import { finishChanges } from "./changes.ts"
import { diskFault } from "./disk-fault.ts"
import { readOrdinary, readText } from "./read-text.ts"

/**
 * All migrations of the folder `out` (relative to `root`), lowest number first; a folder that is not there has none.
 * Two files of one number are both returned: `conflictsOf` finds them. Every file is read once.
 *
 * Throws a `failed` fault that names the file when it is empty, not UTF-8, holds a NUL or is over 64 MB; `refused` for a link out
 * of the project, an `.sql` file without a number, a down file without its up file.
 */
export async function readMigrations(root: string, out: string): Promise<readonly Migration[]> {
  await finishChanges(root, out)
  const names = (await listFolder(join(root, out), out)).filter(name => name.endsWith(".sql"))
  const parsed = names.map(name => parsedName(name, out))
  const downs = new Set(parsed.filter(one => one.down).map(one => one.name))
  const ups = parsed.filter(one => !one.down).toSorted((a, b) => a.seq - b.seq || (a.name < b.name ? -1 : 1))
  refuseOrphans(downs, ups, out)
  const read = (file: string): Promise<SqlFile> => readSql(root, out, posix.join(out.replaceAll("\\", "/"), file))
  return Promise.all(ups.map(async ({ seq, name }) => {
    const up = await read(`${name}.sql`)
    const squashes = squashesIn(up.text)
    return { seq, name, up, down: downs.has(name) ? await read(`${name}.down.sql`) : null, ...(squashes.length > 0 ? { squashes } : {}) }
  }))
}

async function listFolder(folder: string, shown: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return []
    throw diskFault(error, `read ${shown}`)
  }
}

function parsedName(file: string, out: string): FileName {
  const name = parseFileName(file)
  if (name) return name
  throw new Fault("refused", `${posix.join(out, file)} is not named like a migration, so it would never run`, "name it NNNN_name.sql (a number of four digits or more, then letters, digits, _ and -), or move it out of the folder")
}

function refuseOrphans(downs: ReadonlySet<string>, ups: readonly FileName[], out: string): void {
  const names = new Set(ups.map(up => up.name))
  const orphan = [...downs].find(name => !names.has(name))
  if (orphan) throw new Fault("refused", `${posix.join(out, orphan)}.down.sql has no ${orphan}.sql beside it`, `restore ${orphan}.sql from git, or remove the down file`)
}

async function readSql(root: string, out: string, path: string): Promise<SqlFile> {
  const raw = readOrdinary(join(root, path), path) ?? (await readText([root, join(root, out)], join(root, path), path))
  if (raw === null) throw new Fault("failed", `${path} is gone, or a link to nowhere`, `restore it from git: git checkout -- ${path}`)
  const text = normalise(raw)
  if (text.trim() === "") throw new Fault("failed", `${path} is empty`, "write its SQL, or restore it from git")
  return { path, text, sha256: sha256(text), ...(raw.includes("\r\n") ? { crlf: true } : {}) }
}
