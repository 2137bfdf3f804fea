import { Fault } from "./fault.ts"
import { pad } from "./name.ts"
import { seenThroughSquashes } from "./squash.ts"
import type { Applied, Migration } from "./types.ts"

/** What the audit table says of one migration number last: applied with a checksum (`after`), or taken back (`null`). */
export interface Noted {
  readonly version: number
  readonly name: string
  readonly after: string | null
  readonly at: Date
  /** Role and, where it is known, the person: `app (anna@laptop)`. */
  readonly by: string
}

/** One way in which somebody changed the ledger behind nself's back. */
export interface Finding {
  /**
   * `ledger gone`: the table, or all its rows; `row gone`: a migration was applied, its file is here, its row is not;
   * `row edited`: the row says something else than what was written; `row without file`: the row's migration is not in the folder.
   */
  readonly kind: "ledger gone" | "row gone" | "row edited" | "row without file"
  /** `null` where it concerns the whole ledger. */
  readonly name: string | null
  readonly message: string
  /** What to do; never "apply it again". */
  readonly hint: string
}

/**
 * What was done to the ledger otherwise than by nself: ledger against audit table against files.
 *
 * @param ledger  `null`: the table is not there
 * @param noted   the last word of the audit table about each number; empty where it is not there
 */
export function findingsOf(files: readonly Migration[], ledger: readonly Applied[] | null, noted: readonly Noted[]): readonly Finding[] {
  const applied = noted.filter(one => one.after !== null).toSorted((a, b) => a.version - b.version)
  if ((ledger ?? []).length === 0) return applied.length === 0 ? [] : [ledgerGone(ledger === null, applied)]
  const rows = new Map(ledger!.map(row => [row.seq, row]))
  const gone = applied.filter(one => !rows.has(one.version)).map(one => rowGone(one, files))
  const edited = applied.flatMap(one => rowEdited(one, rows.get(one.version)))
  const known = new Set(files.map(file => file.seq))
  return [...gone, ...edited, ...seenThroughSquashes(files, ledger!).filter(row => !known.has(row.seq)).map(rowWithoutFile)]
}

/** Refuses to go on over a ledger that was changed by hand. A row without a file is the planner's matter, who says more of it. */
export function refuseFindings(findings: readonly Finding[]): void {
  const found = findings.filter(one => one.kind !== "row without file")
  if (found.length > 0) throw new Fault("tampered", found.map(one => one.message).join("\n"), found[0]!.hint)
}

const HISTORY = "what was done and by whom: nself db migrate log"

function ledgerGone(table: boolean, applied: readonly Noted[]): Finding {
  const last = applied.at(-1)!
  const what = table ? "the ledger np_migrations is gone" : "the ledger np_migrations is empty"
  return {
    kind: "ledger gone", name: null,
    message: `${what}, though ${applied.length} migration${applied.length === 1 ? " was" : "s were"} applied, up to ${last.name} (${when(last)}); nothing was changed, and nothing is applied again`,
    hint: `restore the table from a backup, or, once the database is what the migrations make: nself db migrate repair; ${HISTORY}`,
  }
}

function rowGone(one: Noted, files: readonly Migration[]): Finding {
  const here = files.some(file => file.seq === one.version)
  return {
    kind: "row gone", name: one.name,
    message: `the row of ${one.name} was taken out of the ledger np_migrations: it was applied ${when(one)} by ${one.by}${here ? "" : ", and its file is not in this folder either"}; it is not applied again`,
    hint: `if its objects are still there, write the row again: nself db migrate repair; ${HISTORY}`,
  }
}

function rowEdited(one: Noted, row: Applied | undefined): readonly Finding[] {
  if (!row || row.state !== "applied" || (row.sha256 === one.after && row.name === one.name)) return []
  const what = row.sha256 === one.after ? `is called ${row.name}` : `says sha256:${row.sha256.slice(0, 12)}`
  const was = row.sha256 === one.after ? `it was written as ${one.name}` : `sha256:${one.after!.slice(0, 12)} was written`
  return [{
    kind: "row edited", name: one.name,
    message: `the row of ${pad(one.version)} in the ledger np_migrations was edited by hand: it ${what}, ${was} ${when(one)} by ${one.by}`,
    hint: `set the row back to what was written (${one.name}, ${one.after}), or record what is true: nself db migrate repair; ${HISTORY}`,
  }]
}

function rowWithoutFile(row: Applied): Finding {
  return {
    kind: "row without file", name: row.name, message: `${row.name} is in the ledger np_migrations, and there is no such file in this folder`,
    hint: "update this checkout (git pull), or restore the missing file from git",
  }
}

const when = ({ at }: Noted): string => `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`
