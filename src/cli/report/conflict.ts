import { pad } from "../../core/name.ts"
import type { Conflict } from "../../flows/status.ts"

/** Every number that two files carry, who wrote them, and the commands that settle it. */
export function conflictText(conflicts: readonly Conflict[], free: number): string {
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
