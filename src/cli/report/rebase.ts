import type { RebaseResult } from "../../flows/branches/rebase-write.ts"
import type { Renumbered } from "../../flows/branches/renumber.ts"
import type { Paint } from "../paint.ts"
import { width } from "./words.ts"

/** What got which number, what was tried and how that went, and which files were written. */
export function rebaseText(result: RebaseResult, paint: Paint): string {
  const { dryRun, moved, tried, rehashed, dropped, written, removed, engine } = result
  if (written.length + removed.length === 0) return "Nothing to rebase: journal and snapshots follow the files."
  const columns = width(tried.map(one => one.name))
  return [
    dryRun ? "Would rebase:" : "Rebased:",
    ...moved.map(({ from, to }) => `  ${from} -> ${to}`),
    ...tried.flatMap(({ name, state, notes }) => [`  ${name.padEnd(columns)}${STATE[state]}`, ...notes.map(note => `      ${note}`)]),
    ...files(written, removed), "",
    ...rehashed.map(name => `${paint.yellow("warning")}: ${name}.sql is not what the journal noted; it is noted as it is now`),
    ...dropped.map(tag => `${paint.yellow("warning")}: ${tag} has no file any more and was left out`),
    ...(engine === "" ? [] : [`Proved on ${engine}.`]),
    ...(moved.length === 0 ? [] : ["A database that has them under their old numbers: nself db migrate repair"]),
  ].join("\n").trimEnd()
}

const STATE: Readonly<Record<RebaseResult["tried"][number]["state"], string>> = {
  kept: "not tried", proved: "runs here as it is, and goes back", "down anew": "runs here as it is; its way back was made anew",
  "made anew": "was made anew, both ways", unproved: "runs here as it is",
}

/** The new name, and what is left to do. */
export function renumberText({ dryRun, from, to, written, removed }: Renumbered): string {
  if (from === to) return `${from}.sql has that number already.`
  return [
    dryRun ? "Would renumber:" : "Renumbered:", `  ${from}.sql -> ${to}.sql`, ...files(written, removed), "",
    "Then rebase journal", "  nself db migrate journal rebase",
  ].join("\n")
}

function files(written: readonly string[], removed: readonly string[]): string[] {
  return ["Files:", ...written.map(path => `  ${path}`), ...removed.map(path => `  ${path} (removed)`)]
}
