import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs"
import { readFile, realpath, stat } from "node:fs/promises"
import { relative, isAbsolute, sep } from "node:path"
import { Fault } from "../core/fault.ts"
import { diskFault } from "./disk-fault.ts"

/** Larger files are refused. Bytes. */
export const MAX_BYTES = 64 * 1024 * 1024

/**
 * A text file inside `root`, as it is; `null` when there is none.
 *
 * @param root   the folder, or folders, that it must really be in, links followed
 * @param shown  the path in messages, for people
 * Throws a `failed` fault when it is too large, not UTF-8 or holds a NUL, and `refused` when it is not an ordinary file or a link out of `root`.
 */
export async function readText(root: string | readonly string[], path: string, shown: string): Promise<string | null> {
  try {
    const real = await realpath(path)
    const homes = await Promise.all([root].flat().map(home => realpath(home)))
    if (!homes.some(home => isInside(home, real))) {
      throw new Fault("refused", `${shown} is a link to a file outside the project`, "replace the link by the file itself")
    }
    const found = await stat(real)
    if (!found.isFile()) throw new Fault("refused", `${shown} is not an ordinary file`, "move it away")
    if (found.size > MAX_BYTES) throw new Fault("failed", `${shown} is larger than 64 MB`, "split it into several migrations")
    return decode(await readFile(real), shown)
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return null
    throw diskFault(error, `read ${shown}`)
  }
}

/**
 * The quick way for one of a thousand files: an ordinary file that is no link, in a folder that is known to be inside. Three calls instead of eight.
 *
 * @returns `null` for everything else, which `readText` then judges
 */
export function readOrdinary(path: string, shown: string): string | null {
  const file = openOrdinary(path)
  if (file === null) return null
  try {
    const found = fstatSync(file)
    return found.isFile() && found.size <= MAX_BYTES ? decode(readFileSync(file), shown) : null
  } finally {
    closeSync(file)
  }
}

function openOrdinary(path: string): number | null {
  // where a system cannot refuse links, nothing is quick
  if (!constants.O_NOFOLLOW) return null
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch {
    return null
  }
}

function isInside(home: string, path: string): boolean {
  const way = relative(home, path)
  return !isAbsolute(way) && way !== ".." && !way.startsWith(`..${sep}`)
}

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

function decode(bytes: Uint8Array, shown: string): string {
  const nul = bytes.indexOf(0)
  if (nul >= 0) throw new Fault("failed", `${shown} holds a NUL byte at offset ${nul}; it is not a text file`, "save it as UTF-8 text")
  try {
    return UTF8.decode(bytes)
  } catch {
    throw new Fault("failed", `${shown} is not UTF-8`, `save it as UTF-8: iconv -f latin1 -t utf-8 ${shown}`)
  }
}
