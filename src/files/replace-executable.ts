import { chmod, realpath, rename, rm, writeFile } from "node:fs/promises"
import { platform } from "node:os"
import { basename, dirname, join } from "node:path"
import { Fault } from "../core/fault.ts"

/**
 * Puts another executable in the place of this one: written beside it, started once, and only then renamed over it, which is whole or not at all.
 *
 * @param path     the executable that runs now; a link to it stays a link
 * @param version  what the new one must say of itself
 */
export async function replaceExecutable(path: string, bytes: Uint8Array, version: string): Promise<void> {
  const target = await realpath(path)
  const fresh = join(dirname(target), `.${basename(target)}.${crypto.randomUUID()}${platform() === "win32" ? ".exe" : ""}`)
  try {
    await writeFile(fresh, bytes, { mode: 0o755, flag: "wx", flush: true })
    await chmod(fresh, 0o755)
    await tryOut(fresh, version)
    if (platform() === "win32") await stepAside(target) // a running program can be renamed there, not replaced
    await rename(fresh, target)
  } catch (error) {
    if (error instanceof Fault) throw error
    throw new Fault("failed", `cannot replace ${target}: ${error instanceof Error ? error.message : String(error)}`, "run this as a user who may write there, or install anew with scripts/install.sh --prefix", error)
  } finally {
    await rm(fresh, { force: true }).catch(() => {})
  }
}

async function tryOut(path: string, version: string): Promise<void> {
  const child = Bun.spawn([path, "--version"], { stdin: "ignore", stdout: "pipe", stderr: "pipe" })
  const [said, complaint, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited])
  if (code !== 0) throw new Fault("failed", `the new nself does not start here: ${(complaint || said).trim()}; nothing was changed`, "the old one stays as it is")
  if (said.trim() !== version) throw new Fault("failed", `the new nself says that it is ${said.trim()}, not ${version}; nothing was changed`, "the old one stays as it is")
}

async function stepAside(target: string): Promise<void> {
  const old = `${target}.old`
  await rm(old, { force: true })
  await rename(target, old)
}
