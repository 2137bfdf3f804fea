import type { Repaired } from "../../flows/adopt/repair.ts"
import { time } from "./words.ts"

/** What was recorded, who did it and when, and how it was shown to be true. */
export function repairText({ dryRun, database, corrections, shown, engine, by, at, late }: Repaired): string {
  if (corrections.length === 0) return `Nothing to repair: every row of the ledger has its file, unaltered.${lateText(late)}`
  return [
    `${dryRun ? "Would record" : "Recorded"} for ${database}:`, ...corrections.flatMap(lines), "",
    shown === "replay" ? `Shown on ${engine}: the database is what these files make.` : `Shown on ${engine}: with the pending files on top, the database becomes what all files make.`,
    ...(dryRun ? [] : [`By ${by}, ${time(at)} UTC.`]),
  ].join("\n") + lateText(late)
}

function lines({ why, from, name, checksum }: Repaired["corrections"][number]): string[] {
  if (why === "renumbered") return [`  ${from!.name} -> ${name}`, ...(from!.checksum === checksum ? [] : [`      ${from!.checksum}`, `   -> ${checksum}`])]
  if (why === "row gone") return [`  ${name} (its row was gone)`]
  return [`  ${name} as it is now`, `      ${from!.checksum}`, `   -> ${checksum}`]
}

function lateText(late: readonly string[]): string {
  return late.length === 0 ? "" : `\n\nNot applied, though newer ones are: ${late.join(", ")}\n  nself db migrate up --out-of-order`
}
