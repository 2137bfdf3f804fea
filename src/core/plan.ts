import { Fault } from "./fault.ts"
import { nextSeq, pad, slugOf } from "./name.ts"
import { seenThroughSquashes, squashState } from "./squash.ts"
import type { Applied, Migration, Plan } from "./types.ts"

export interface UpOptions {
  /** Apply nothing above this number. */
  readonly to?: number
  /** Apply files that are older than the newest applied one. */
  readonly outOfOrder?: boolean
}

/** Files that carry the same number, one list per number, lowest first; empty when all is well. */
export function conflictsOf(files: readonly Migration[]): readonly (readonly Migration[])[] {
  const groups = Map.groupBy(files, file => file.seq)
  return [...groups.entries()].filter(([, group]) => group.length > 1).toSorted(([a], [b]) => a - b).map(([, group]) => group)
}

/** The number of the newest row that is wholly applied; 0 for an empty ledger. */
export function versionOf(applied: readonly Applied[]): number {
  return Math.max(0, ...applied.filter(row => row.state === "applied").map(row => row.seq))
}

/** The files that no row says are applied, oldest first; a row that is `running` or `failed` leaves its file pending. */
export function pendingOf(files: readonly Migration[], applied: readonly Applied[]): readonly Migration[] {
  const done = new Set(seenThroughSquashes(files, applied).filter(row => row.state === "applied").map(row => row.seq))
  return files.filter(file => !done.has(file.seq)).toSorted((a, b) => a.seq - b.seq)
}

/**
 * The files to apply, oldest first. Files and rows are two sets: a file older than the newest applied one is refused by name
 * or applied on request, never skipped.
 *
 * Throws `conflict` (same number twice, a late file), `refused` (the database is ahead of the files), `tampered` (an applied
 * file was altered) and `usage` (`to` names no migration).
 */
export function planUp(files: readonly Migration[], ledger: readonly Applied[], { to, outOfOrder = false }: UpOptions = {}): Plan {
  refuseConflicts(files)
  refuseBeforeSquash(files, ledger)
  const applied = seenThroughSquashes(files, ledger)
  refuseRenumbered(files, applied)
  refuseUnknown(files, applied)
  refuseAltered(files, applied)
  if (to !== undefined && !files.some(file => file.seq === to)) throw noSuchVersion(files, to)
  const newest = versionOf(applied)
  const resumed = new Set(applied.map(row => row.seq))
  const steps = pendingOf(files, applied).filter(file => to === undefined || file.seq <= to)
  const late = steps.filter(file => file.seq < newest && !resumed.has(file.seq))
  if (late.length > 0 && !outOfOrder) throw lateFiles(late, newest, nextSeq([...files, ...applied].map(one => one.seq)))
  return { direction: "up", steps }
}

/**
 * The migrations to take back, newest first: the last one, or all above `to` (0 takes everything back).
 *
 * Throws `refused`, before anything is touched, when a file or its down file is missing or a row is half done; `usage` when `to` is not applied.
 */
export function planDown(files: readonly Migration[], applied: readonly Applied[], to?: number): Plan {
  refuseConflicts(files)
  const rows = seenThroughSquashes(files, applied).toSorted((a, b) => b.seq - a.seq)
  if (to !== undefined && to !== 0 && !rows.some(row => row.seq === to)) {
    throw new Fault("usage", `version ${pad(to)} is not applied, so there is no way back to it`, "nself db migrate status")
  }
  const back = to === undefined ? rows.slice(0, 1) : rows.filter(row => row.seq > to)
  refuseHalfDone(back)
  refuseAltered(files, back)
  return { direction: "down", steps: back.map(row => reversible(files, row)) }
}

function reversible(files: readonly Migration[], row: Applied): Migration {
  const file = files.find(one => one.seq === row.seq)
  if (!file) {
    throw new Fault("refused", `${row.name}.sql is applied but not in the migrations folder; nothing was rolled back`, `restore ${row.name}.sql and ${row.name}.down.sql from git`)
  }
  if (!file.down) {
    throw new Fault("refused", `${file.name} has no down file; nothing was rolled back`, `write ${file.up.path.replace(/\.sql$/, ".down.sql")}, or go forward with a new migration`)
  }
  return file
}

function refuseHalfDone(rows: readonly Applied[]): void {
  const half = rows.find(row => row.state !== "applied")
  if (half) throw new Fault("refused", `${half.name} is only half applied (${half.state}); nothing was rolled back`, "nself db migrate up")
}

/**
 * Throws a `conflict` fault that names every file whose number another file has too.
 *
 * @param journal  names of migrations the journal has; one it does not know never ran under drizzle-kit, so it is the one to move
 */
export function refuseConflicts(files: readonly Migration[], journal: ReadonlySet<string> = new Set()): void {
  const group = conflictsOf(files)[0]
  if (!group) return
  const names = group.map(file => `${file.name}.sql`)
  const free = pad(nextSeq(files.map(file => file.seq)))
  const stray = journal.size === 0 ? undefined : group.find(file => !journal.has(file.name))
  const message = `two migrations carry number ${pad(group[0]!.seq)}: ${names.join(", ")}`
  if (!stray) throw new Fault("conflict", message, `nself db migrate renumber ${names.at(-1)} --to ${free}`)
  throw new Fault("conflict", `${message}; the journal does not name ${stray.name}.sql`, `remove ${stray.name}.sql if it never ran, else: nself db migrate renumber ${stray.name}.sql --to ${free}`)
}

/** A database in the middle of what a squashed file stands for: neither the file nor what is left of it can be run there. */
function refuseBeforeSquash(files: readonly Migration[], ledger: readonly Applied[]): void {
  for (const file of files.filter(one => one.squashes)) {
    const found = squashState(file, ledger)
    const [first, last] = [file.squashes![0]!.name, file.squashes!.at(-1)!.name]
    if (found.state === "altered") throw new Fault("tampered", `${file.name}.sql stands for ${found.name} in another text than the database has`, "nself db migrate verify-checksums, on a checkout from before the squash")
    if (found.state !== "before") continue
    throw new Fault("refused", `the database is at ${found.last}, and ${file.name}.sql stands for ${first} to ${last} in one`,
      `apply ${last} first, with a checkout from before the squash (git log -- ${file.up.path}); then type the same command again`)
  }
}

/** A file that was given another number after the database had it: neither missing nor altered. */
function refuseRenumbered(files: readonly Migration[], applied: readonly Applied[]): void {
  const names = new Set(files.map(file => file.name))
  for (const row of applied) {
    const file = names.has(row.name) ? undefined : files.find(one => slugOf(one.name) === slugOf(row.name) && !applied.some(other => other.name === one.name))
    if (!file) continue
    throw new Fault("conflict", `the database has ${row.name}, which was renumbered to ${file.name} after it was applied`, "nself db migrate repair")
  }
}

function refuseUnknown(files: readonly Migration[], applied: readonly Applied[]): void {
  const known = new Set(files.map(file => file.seq))
  const unknown = applied.filter(row => !known.has(row.seq))
  if (unknown.length === 0) return
  const names = unknown.map(row => row.name).join(", ")
  throw new Fault("refused", `the database has migrations applied that are not in this folder: ${names}`, "update this checkout (git pull), or restore the missing files from git")
}

function refuseAltered(files: readonly Migration[], applied: readonly Applied[]): void {
  const bySeq = new Map(files.map(file => [file.seq, file]))
  for (const row of applied) {
    const file = bySeq.get(row.seq)
    // nothing of it is in the database: the file may be mended and tried again
    const untouched = row.state === "failed" && !row.statementNo
    if (!file || untouched || file.up.sha256 === row.sha256) continue
    if (file.name !== row.name) {
      throw new Fault("conflict", `the database has ${row.name} as ${pad(row.seq)}, this folder has ${file.name}.sql`, `nself db migrate renumber ${file.name}.sql --to ${pad(nextSeq([...files, ...applied].map(one => one.seq)))}`)
    }
    throw new Fault("tampered", `${file.up.path} was altered after it was applied`, "nself db migrate verify-checksums")
  }
}

function lateFiles(late: readonly Migration[], newest: number, free: number): Fault {
  const names = late.map(file => `${file.name}.sql`).join(", ")
  const is = late.length === 1 ? "is" : "are"
  return new Fault("conflict", `${names} ${is} older than the last applied migration (${pad(newest)})`,
    `nself db migrate renumber ${late[0]!.name}.sql --to ${pad(free)}, or nself db migrate up --out-of-order`)
}

function noSuchVersion(files: readonly Migration[], to: number): Fault {
  const last = files.at(-1)
  return new Fault("usage", `there is no migration ${pad(to)}`, last ? `the last one is ${pad(last.seq)}: nself db migrate up --to ${pad(last.seq)}` : "nself db migrate generate --name initial")
}
