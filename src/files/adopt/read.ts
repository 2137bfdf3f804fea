import { createHash } from "node:crypto"
import { readdir } from "node:fs/promises"
import { join, posix } from "node:path"
import { normalise } from "../../core/checksum.ts"
import { Fault } from "../../core/fault.ts"
import { readText } from "../read-text.ts"

/** Names in a folder, sorted; none where it is not there. */
export async function namesIn(root: string, folder: string): Promise<readonly string[]> {
  return (await readdir(join(root, folder)).catch(() => [])).toSorted()
}

/** A file with the hashes that other tools may have made of it. Throws `failed` where it is gone. */
export async function readForeign(root: string, path: string): Promise<{ readonly text: string; readonly hashes: readonly string[] }> {
  const raw = await readText(root, join(root, path), path)
  if (raw === null) throw new Fault("failed", `${path} is gone`, "restore it from git")
  const text = normalise(raw)
  return { text, hashes: [...new Set([raw, text, text.replaceAll("\n", "\r\n")].map(hash))] }
}

const hash = (text: string): string => createHash("sha256").update(text, "utf8").digest("hex")

/** A JSON file; `null` where it is not there or is no JSON. */
export async function readJson(root: string, path: string): Promise<unknown> {
  const text = await readText(root, join(root, path), path)
  try {
    return text === null ? null : JSON.parse(text)
  } catch {
    return null
  }
}

export const at = (folder: string, name: string): string => posix.join(folder, name)
