import type { AuditRow } from "../../core/audit.ts"
import type { Log } from "../../flows/runner/log.ts"
import type { Paint } from "../paint.ts"
import { time } from "./words.ts"

/** One paragraph per entry: when, what, how it ended; who, from where; which checksum became which. */
export function logText({ entries }: Log, paint: Paint): string {
  if (entries.length === 0) return "Nothing was written down yet: nself has not changed this database."
  return entries.map(entry => entryLines(entry, paint).join("\n")).join("\n\n")
}

function entryLines(entry: AuditRow, paint: Paint): readonly string[] {
  const { at, action, name, schema, result, detail, before, after } = entry
  const what = [action, name, schema === "public" ? null : `in ${schema}`].filter(Boolean).join(" ")
  const sums = before === null && after === null ? [] : [`  ${checksum(before)} -> ${checksum(after)}`]
  return [
    `${time(at)}  ${paint.bold(what)}  ${result === "done" ? paint.green(result) : paint.red(result)}`,
    `  ${whoText(entry)}`, ...sums, ...(detail === null ? [] : [`  ${detail}`]),
  ]
}

function whoText({ role, osUser, host, ciRun, gitCommit, nself, runId }: AuditRow): string {
  const person = [osUser, host].filter(Boolean).join("@")
  const parts = [`role ${role}`, ...(person ? [person] : []), ...(ciRun ? [ciRun] : []), ...(gitCommit ? [`commit ${gitCommit.slice(0, 10)}`] : []), `nself ${nself}`, `run ${runId.slice(0, 8)}`]
  return parts.join(", ")
}

const checksum = (sha256: string | null): string => (sha256 === null ? "none" : `sha256:${sha256.slice(0, 12)}`)
