import { join, posix } from "node:path"
import { Fault } from "../core/fault.ts"
import { pad } from "../core/name.ts"
import { readText } from "./read-text.ts"

/** `migrations/meta/0003_snapshot.json`, relative to the root, with `/`. */
export function snapshotPath(out: string, seq: number): string {
  return posix.join(out.replaceAll("\\", "/"), `meta/${pad(seq)}_snapshot.json`)
}

/** drizzle-kit's snapshot of one migration, as JSON; `null` when there is none (a hand-written migration). Throws a `failed` fault when it is not JSON. */
export async function readSnapshot(root: string, out: string, seq: number): Promise<unknown> {
  const path = snapshotPath(out, seq)
  const text = await readText([root, join(root, out)], join(root, path), path)
  if (text === null) return null
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Fault("failed", `${path} is not JSON (${(error as Error).message})`, `take it from git: git checkout -- ${path}`)
  }
}

/** A snapshot's text: two spaces, as drizzle-kit writes it. */
export function snapshotText(snapshot: unknown): string {
  return JSON.stringify(snapshot, null, 2)
}
