import type { Verified, VerifiedRow } from "../../flows/runner/verify-checksums.ts"
import type { Paint } from "../paint.ts"
import { tamperLines } from "./tamper.ts"
import { count, width } from "./words.ts"

/** One line per migration, and what to do when one was altered. */
export function verifyText({ against, checks, findings }: Verified, paint: Paint): string {
  const columns = width(checks.map(check => check.name))
  const what = against === "journal" ? `${count(checks.length, "migration")} against the journal` : count(checks.length, "applied migration")
  const bad = checks.filter(check => check.state === "mismatch" || check.state === "missing")
  return [
    `Verifying ${what}...`,
    ...checks.flatMap(check => lines(check, columns, paint)),
    ...(bad.length === 0 ? (findings.length === 0 ? [allGood(checks)] : []) : ["", ...advice(against, paint)]),
    ...findings.filter(one => one.kind !== "row without file").flatMap(one => ["", `${paint.red("ERROR")}: ${one.message}`, `To resolve: ${one.hint}`]),
  ].join("\n")
}

function allGood(checks: readonly VerifiedRow[]): string {
  const blind = checks.filter(check => check.state === "unknown").length
  return blind === 0 ? "All checksums match." : `No checksum differs, but ${count(blind, "migration")} cannot be checked: the journal notes no checksum (drizzle-kit wrote it).`
}

function lines({ name, state, expected, got, lineEnds, explained }: VerifiedRow, columns: number, paint: Paint): string[] {
  const label = name.padEnd(columns)
  if (state === "ok") return [`  ${paint.green("[x]")} ${label}OK${lineEnds ? " (line endings differ: CRLF and LF are the same text)" : ""}`]
  if (state === "unknown") return [`  ${paint.yellow("[?]")} ${label}no checksum noted`]
  if (state === "missing") return [`  ${paint.red("[!]")} ${label}FILE MISSING`]
  return [`  ${paint.red("[!]")} ${label}CHECKSUM MISMATCH`, `      Expected: ${expected}`, `      Got:      ${got}`, ...(explained ? tamperLines(explained) : [])]
}

function advice(against: Verified["against"], paint: Paint): string[] {
  const what = against === "journal" ? "Migration has been modified since it was generated." : "Applied migration has been modified."
  return [
    `${paint.red("ERROR")}: ${what} This is a schema integrity violation.`,
    "To resolve: restore the original file, or create a new migration for the change.",
  ]
}
