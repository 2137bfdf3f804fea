import type { Status, AppliedRow, PendingRow } from "../../flows/runner/status.ts"
import type { Paint } from "../paint.ts"
import { conflictText } from "./conflict.ts"
import { count, time, width } from "./words.ts"

/** Applied and pending migrations, or only the conflicts where there are some and they were asked for. */
export function statusText(status: Status, paint: Paint): string {
  const { env, applied, pending, conflicts, findings } = status
  if (conflicts) return conflictText(conflicts)
  const columns = width([...applied, ...pending].map(row => row.name))
  return [
    `Migration status for env: ${env}`, "",
    "Applied:", ...orNone(applied.map(row => appliedLine(row, columns, paint))), "",
    "Pending:", ...orNone(pending.map(row => pendingLine(row, columns, paint))), "",
    pending.length === 0 ? "Database is up to date." : `Database is behind schema by ${count(pending.length, "migration")}.`,
    ...findings.filter(one => one.kind !== "row without file").flatMap(one => ["", `${paint.red("ERROR")}: ${one.message}`, `To resolve: ${one.hint}`]),
  ].join("\n")
}

function appliedLine({ name, appliedAt, file }: AppliedRow, columns: number, paint: Paint): string {
  const said = { same: "", altered: "  (altered since: nself db migrate verify-checksums)", missing: "  (no such file here)" }[file]
  const mark = file === "same" ? paint.green("[x]") : paint.red("[!]")
  return `  ${mark} ${name.padEnd(columns)}${time(appliedAt)}${said}`
}

function pendingLine({ name, why }: PendingRow, columns: number, paint: Paint): string {
  const said = { new: "not yet applied", late: "not yet applied, older than the last applied migration", unfinished: "begun, not finished: nself db migrate up goes on" }[why]
  return `  ${paint.yellow("[ ]")} ${name.padEnd(columns)}(${said})`
}

function orNone(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? ["  (none)"] : lines
}
