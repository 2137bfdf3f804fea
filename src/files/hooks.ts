import { chmod, mkdir, readFile, writeFile } from "node:fs/promises"
import { dirname, isAbsolute, join, relative, sep } from "node:path"
import { Fault } from "../core/fault.ts"
import { diskFault } from "./disk-fault.ts"
import { git } from "./git.ts"

/** What a hook that nself wrote is known by. */
const MARK = "# installed by nself hooks install"

export interface HookFile {
  /** Absolute. */
  readonly path: string
  /** `written`, or `same` where it was there already. */
  readonly state: "written" | "same"
}

/**
 * Writes git's pre-commit hook, where this repository keeps its hooks (`core.hooksPath` and worktrees included).
 *
 * @param self  the argv that starts nself; used where no `nself` is on the PATH
 * Throws `usage` outside a repository, and `refused` where a hook of somebody else stands there.
 */
export async function writeHook(root: string, self: readonly string[]): Promise<HookFile> {
  const [top, folder] = await Promise.all([git(root, ["rev-parse", "--show-toplevel"]), git(root, ["rev-parse", "--git-path", "hooks"])])
  if (top === null || folder === null) throw new Fault("usage", "this is no git repository, so there is nowhere to install a hook", "git init")
  const path = join(isAbsolute(folder.trim()) ? folder.trim() : join(root, folder.trim()), "pre-commit")
  const text = hookText(relative(top.trim(), root).split(sep).join("/"), self)
  const found = await readFile(path, "utf8").catch(() => null)
  if (found === text) return { path, state: "same" }
  if (found !== null && !found.includes(MARK)) throw new Fault("refused", `${path} is a hook that nself did not write`, `add this line to it: ${runLine(relative(top.trim(), root))}`)
  try {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, text)
    await chmod(path, 0o755)
  } catch (error) {
    throw diskFault(error, `write ${path}`)
  }
  return { path, state: "written" }
}

const quote = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`
const runLine = (folder: string): string => `${folder === "" ? "" : `cd ${quote(folder)} && `}nself hooks run`

/** git runs hooks at the top of the work tree. */
function hookText(folder: string, self: readonly string[]): string {
  const enter = folder === "" ? [] : [`cd ${quote(folder)} || exit 1`]
  return [
    "#!/bin/sh", MARK, ...enter,
    "command -v nself >/dev/null 2>&1 && exec nself hooks run", `exec ${self.map(quote).join(" ")} hooks run`, "",
  ].join("\n")
}
