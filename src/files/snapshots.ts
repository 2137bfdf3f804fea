import { closeSync, fstatSync, openSync, readSync } from "node:fs"
import { join, posix } from "node:path"
import { Fault } from "../core/fault.ts"
import { sidesOf } from "../core/markers.ts"
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

/** The snapshot as both sides of an unfinished merge have it, `ours` first; one where there is nothing to merge, none where it is no JSON at all. */
export async function readSnapshotSides(root: string, out: string, seq: number): Promise<readonly object[]> {
  const path = snapshotPath(out, seq)
  const text = await readText([root, join(root, out)], join(root, path), path)
  if (text === null) return []
  const sides = sidesOf(text)
  return [...(sides ? [sides.ours, sides.theirs] : [text])].flatMap(one => objectOf(one) ?? [])
}

function objectOf(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === "object" && value !== null ? value : null
  } catch {
    return null
  }
}

/** A snapshot's place in the chain. */
export interface Link {
  readonly seq: number
  readonly id: string
  readonly prevId: string
}

/** Bytes at either end of a snapshot that hold its ids: drizzle-kit writes them first, nself last. */
const END_BYTES = 400
const END = Buffer.alloc(END_BYTES)

/**
 * The ids of the snapshots with these numbers, without reading the whole of them: a thousand snapshots are tens of megabytes.
 * A number without a snapshot, or with one that says no ids, is left out.
 */
export function readLinks(root: string, out: string, seqs: readonly number[]): readonly Link[] {
  return [...new Set(seqs)].flatMap(seq => {
    const ends = endsOf(join(root, snapshotPath(out, seq)))
    if (ends === null) return []
    const [id, prevId] = [/"id":\s*"([^"]+)"/.exec(ends)?.[1], /"prevId":\s*"([^"]+)"/.exec(ends)?.[1]]
    return id && prevId ? [{ seq, id, prevId }] : []
  })
}

function endsOf(path: string): string | null {
  try {
    const file = openSync(path, "r")
    try {
      const { size } = fstatSync(file)
      const part = (from: number): string => END.toString("utf8", 0, readSync(file, END, 0, END_BYTES, from))
      const tail = part(Math.max(0, size - END_BYTES))
      return /"prevId":/.test(tail) ? tail : part(0)
    } finally {
      closeSync(file)
    }
  } catch {
    return null
  }
}

/** A snapshot's text: two spaces, as drizzle-kit writes it. */
export function snapshotText(snapshot: unknown): string {
  return JSON.stringify(snapshot, null, 2)
}
