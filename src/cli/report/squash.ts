import type { SquashResult } from "../../flows/branches/squash.ts"
import { count } from "./words.ts"

/** What stands for what, and what that means for databases. */
export function squashText({ dryRun, path, stands, rows, removed, engine }: SquashResult): string {
  return [
    `${dryRun ? "Would squash" : "Squashed"} ${count(stands.length, "migration")} (${stands[0]} to ${stands.at(-1)}) into ${path}`,
    ...(rows === 0 ? [] : [`The rows that they wrote are in it (${count(rows, "statement")}).`]),
    `Shown on ${engine}: it makes the same.`, "",
    `${dryRun ? "Would remove" : "Removed"} ${count(removed, "file")}; git has them.`,
    `A database that has all of them takes it as applied. One that has only some: nself db migrate up --to ${stands.at(-1)!.match(/^\d+/)![0]} with a checkout from before.`,
  ].join("\n")
}
