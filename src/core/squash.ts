import type { Applied, Migration } from "./types.ts"

/** One migration that a squashed file stands for. */
export interface Squashed {
  readonly name: string
  /** 64 hex digits. */
  readonly sha256: string
}

const LINE = /^-- nself:squashes (\d{4,15}_[A-Za-z0-9_-]+) ([0-9a-f]{64})$/gm

/** What the head of a squashed file says it stands for; empty for every other file. */
export function squashesIn(text: string): readonly Squashed[] {
  if (!text.includes("-- nself:squashes ")) return []
  return [...text.matchAll(LINE)].map(([, name, sha256]) => ({ name: name!, sha256: sha256! }))
}

/** The line of the head that says it. */
export const squashLine = ({ name, sha256 }: Squashed): string => `nself:squashes ${name} ${sha256}`

/** How a database stands to a squashed file. */
export type SquashState = { readonly state: "fresh" | "done" } | { readonly state: "before"; readonly last: string } | { readonly state: "altered"; readonly name: string }

/** `done`: it has every migration that the file stands for; `before`: only some; `fresh`: none. */
export function squashState(file: Migration, ledger: readonly Applied[]): SquashState {
  const squashes = file.squashes ?? []
  const rows = new Map(ledger.filter(row => row.state === "applied").map(row => [row.name, row]))
  const found = squashes.filter(one => rows.has(one.name))
  if (rows.has(file.name) || found.length === 0) return { state: "fresh" }
  if (found.length < squashes.length) return { state: "before", last: found.at(-1)!.name }
  const altered = found.find(one => rows.get(one.name)!.sha256 !== one.sha256)
  return altered ? { state: "altered", name: altered.name } : { state: "done" }
}

/**
 * The ledger as the files speak of it: rows of migrations that a squashed file stands for are one row of that file, where the database has them
 * all, unaltered. What is really in the ledger stays there.
 */
export function seenThroughSquashes(files: readonly Migration[], ledger: readonly Applied[]): readonly Applied[] {
  return files.filter(file => file.squashes).reduce((rows, file) => {
    if (squashState(file, rows).state !== "done") return rows
    const names = new Set(file.squashes!.map(one => one.name))
    const last = rows.filter(row => names.has(row.name)).toSorted((a, b) => a.seq - b.seq).at(-1)!
    const one: Applied = { ...last, seq: file.seq, name: file.name, sha256: file.up.sha256 }
    return [...rows.filter(row => !names.has(row.name)), one].toSorted((a, b) => a.seq - b.seq)
  }, ledger)
}
