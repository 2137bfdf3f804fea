import { Fault } from "./fault.ts"

/** What a file name in `migrations/` says. */
export interface FileName {
  readonly seq: number
  /** File name without `.sql` or `.down.sql`: `0003_add_documents`. */
  readonly name: string
  readonly down: boolean
}

const FILE = /^([0-9]{4,15})_([A-Za-z0-9_-]+)(\.down)?\.sql$/
const TAG = /^([0-9]{4,15})_[A-Za-z0-9_-]+$/
/** File systems keep 255 bytes; the number, `.down.sql` and a temporary ending must fit as well. */
const MAX_NAME = 180

/** `0003_x.sql` and `0003_x.down.sql` taken apart; `null` for every other name. */
export function parseFileName(file: string): FileName | null {
  const found = FILE.exec(file)
  return found ? { seq: Number(found[1]), name: `${found[1]}_${found[2]}`, down: found[3] !== undefined } : null
}

/** The number of a tag such as `0003_x`; `null` when it is no tag (a path, a name without number). */
export function seqOfTag(tag: string): number | null {
  const found = TAG.exec(tag)
  return found ? Number(found[1]) : null
}

/** A name without its number, `add_documents`: what stays when a migration is renumbered. */
export function slugOf(name: string): string {
  return name.replace(/^\d+_/, "")
}

/** A migration's number as it stands in file names and on screen: at least four digits. */
export function pad(seq: number): string {
  return String(seq).padStart(4, "0")
}

/** The number after the highest of `seqs`; the first migration is 1. */
export function nextSeq(seqs: readonly number[]): number {
  return Math.max(0, ...seqs) + 1
}

/** The value of `--to`, as typed: `0003`, `3` or `0003_name.sql`. Throws a `usage` fault on anything else. */
export function parseVersion(typed: string): number {
  const found = /^([0-9]{1,15})(?:_[A-Za-z0-9_-]+(?:\.sql)?)?$/.exec(typed)
  if (found) return Number(found[1])
  throw new Fault("usage", `not a migration number: \`${typed}\``, "give the number in front of the file name, for example --to 0003")
}

/** The value of `--name`, checked: it becomes part of a file name. Throws a `usage` fault that shows a corrected form. */
export function checkName(name: string): string {
  if (/^[a-z0-9_-]+$/i.test(name) && name.length <= MAX_NAME) return name
  const better = name.normalize("NFKD").replace(/\p{M}/gu, "").replace(/[^A-Za-z0-9_-]+/g, "_").replace(/^_+|_+$/g, "").slice(0, MAX_NAME)
  const why = name.length > MAX_NAME ? `longer than ${MAX_NAME} characters` : "only letters, digits, _ and - are allowed"
  throw new Fault("usage", `not a migration name: \`${name}\` (${why})`, `--name ${better === "" ? "add_documents_table" : better}`)
}
