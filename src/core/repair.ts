import { slugOf } from "./name.ts"
import type { Noted } from "./tamper.ts"
import type { Applied, Migration } from "./types.ts"

/** A row of the ledger as it is and as it is to be. */
export interface Correction {
  /** `null`: there is no row. */
  readonly from: Pick<Applied, "seq" | "name" | "sha256"> | null
  readonly file: Migration
  /** `altered`: the file's text is another one than what was applied. */
  readonly why: "same" | "renumbered" | "altered" | "row gone"
}

export interface Matched {
  /** One for every migration that the database has, in the order of the files. */
  readonly corrections: readonly Correction[]
  /** Names of rows that no file answers to. */
  readonly lost: readonly string[]
  /** Rows that are half applied. */
  readonly half: readonly string[]
}

/**
 * Finds the file of every migration that was applied: by number and name, else by checksum, else by its name without the number.
 *
 * @param noted  the last word of the audit table about each number: what was applied though its row is gone
 */
export function matchRows(files: readonly Migration[], ledger: readonly Applied[], noted: readonly Noted[]): Matched {
  const rows = ledger.filter(row => row.state === "applied")
  const gone = noted.filter(one => one.after !== null && !ledger.some(row => row.seq === one.version))
    .map(one => ({ seq: one.version, name: one.name, sha256: one.after!, gone: true }))
  const taken = new Set<Migration>()
  const corrections: Correction[] = []
  const lost: string[] = []
  for (const row of [...rows.map(row => ({ ...row, gone: false })), ...gone]) {
    const file = fileOf(files.filter(one => !taken.has(one)), row)
    if (!file) {
      lost.push(row.name)
      continue
    }
    taken.add(file)
    corrections.push({ from: row.gone ? null : { seq: row.seq, name: row.name, sha256: row.sha256 }, file, why: row.gone ? "row gone" : whyOf(row, file) })
  }
  return { corrections: corrections.toSorted((a, b) => a.file.seq - b.file.seq), lost, half: ledger.filter(row => row.state !== "applied").map(row => row.name) }
}

type Row = Pick<Applied, "seq" | "name" | "sha256">

function fileOf(files: readonly Migration[], row: Row): Migration | undefined {
  const named = files.filter(file => slugOf(file.name) === slugOf(row.name))
  return files.find(file => file.seq === row.seq && file.name === row.name) ?? files.find(file => file.up.sha256 === row.sha256) ?? (named.length === 1 ? named[0] : undefined)
}

function whyOf(row: Row, file: Migration): Correction["why"] {
  if (file.name !== row.name) return "renumbered"
  return file.up.sha256 === row.sha256 ? "same" : "altered"
}
