import { pad } from "../../core/name.ts"
import type { ChainConflict, Conflict, Conflicts } from "../../flows/branches/conflicts.ts"
import type { Clash, Place } from "../../flows/branches/commute.ts"
import { count } from "./words.ts"

/** Whether anything was found that somebody must settle. */
export const hasConflicts = ({ numbers, markers, chain, clashes }: Conflicts): boolean => numbers.length + chain.length + clashes.length > 0 || markers !== null

/** Numbers that two files carry in the spec's words, then what numbers do not show; and the commands that settle it. */
export function conflictText(found: Conflicts): string {
  if (!hasConflicts(found)) return `No conflicts: ${count(found.migrations, "migration")}, one number each, one chain.`
  const parts = [
    ...(found.numbers.length > 0 ? [numbersText(found.numbers, found.nextNumber)] : []),
    ...(found.markers === null ? [] : [`CONFLICT detected:\n  ${found.markers}: git conflict markers in the journal`]),
    ...found.chain.map(chainText),
    ...found.clashes.map(clashText),
    ...(found.numbers.length > 0 ? [] : ["Resolution: rebase journal\n  nself db migrate journal rebase"]),
    ...(found.untried.length > 0 ? [found.untried.join("\n")] : []),
  ]
  return parts.join("\n\n")
}

/** The same for `--json`. */
export function conflictJson(found: Conflicts | null): object {
  if (!found) return {}
  const { numbers, markers, chain, clashes, untried } = found
  return { conflicts: numbers, journalMarkers: markers, chain, clashes, untried }
}

function numbersText(conflicts: readonly Conflict[], free: number): string {
  const commands = conflicts.flatMap(({ files }) => files.slice(1)).map((file, i) => `  nself db migrate renumber ${file.name}.sql --to ${pad(free + i)}`)
  return [
    "CONFLICT detected:",
    ...conflicts.flatMap(({ files }) => files.map(file => `  ${file.name}.sql (${file.author}, hash: ${file.sha256.slice(0, 6)})`)), "",
    `These migrations have the same sequence number ${conflicts.every(sameContent) ? "and the same" : "but different"} content.`,
    "Resolution: renumber one of them", ...commands,
    "Then rebase journal", "  nself db migrate journal rebase",
  ].join("\n")
}

function sameContent({ files }: Conflict): boolean {
  return new Set(files.map(file => file.sha256)).size === 1
}

function chainText({ kind, names, after }: ChainConflict): string {
  const list = names.map(name => `  ${name}.sql`).join("\n")
  const base = after === null ? "a snapshot that no file here has" : `${after}.sql`
  if (kind === "forked") return `CONFLICT detected:\n${list}\n\nThe snapshots of these migrations both follow ${after === null ? "the empty database" : base}: each was made without the other.`
  return `CONFLICT detected:\n${list}\n\nThe snapshot of this migration follows ${base}, not the migration before it.`
}

function clashText({ first, second, why }: Clash): string {
  return `CONFLICT detected:\n${placeText(first)}\n${placeText(second)}\n\nThe order of these two statements matters: ${why}`
}

function placeText({ where, statement }: Place): string {
  return `  ${where}\n${statement.split("\n").map(line => `    ${line}`).join("\n")}`
}
