import { appendFile, chmod, readFile, stat } from "node:fs/promises"
import { platform } from "node:os"
import { join } from "node:path"

/** Those of `files` that others than their owner can read. On Windows, whose rights are others, none. */
export async function readableByOthers(root: string, files: readonly string[]): Promise<readonly string[]> {
  if (platform() === "win32") return []
  const modes = await Promise.all(files.map(async file => ({ file, mode: (await stat(join(root, file))).mode })))
  return modes.filter(({ mode }) => (mode & 0o044) !== 0).map(({ file }) => file)
}

/** Those of `files` that git knows or would take; none outside of a repository or without git. */
export async function knownToGit(root: string, files: readonly string[]): Promise<readonly string[]> {
  if (files.length === 0) return []
  try {
    const git = Bun.spawn(["git", "check-ignore", "--no-index", "-z", "--stdin"], { cwd: root, stdin: new Blob([files.join("\0")]), stdout: "pipe", stderr: "ignore" })
    const ignored = (await git.stdout.text()).split("\0")
    // 0: some are ignored, 1: none is, 128: no repository
    return (await git.exited) <= 1 ? files.filter(file => !ignored.includes(file)) : []
  } catch {
    return []
  }
}

/** Only their owner may read these files from now on. */
export async function closeFiles(root: string, files: readonly string[]): Promise<void> {
  for (const file of files) await chmod(join(root, file), 0o600)
}

/** Adds lines to `.gitignore`, which is made where it is missing. */
export async function ignore(root: string, lines: readonly string[]): Promise<void> {
  const path = join(root, ".gitignore")
  const before = await readFile(path, "utf8").catch(() => "")
  await appendFile(path, `${before === "" || before.endsWith("\n") ? "" : "\n"}${lines.join("\n")}\n`)
}
