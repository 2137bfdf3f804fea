import type { Check } from "../../core/health/check.ts"
import type { Doctor } from "../../flows/doctor/doctor.ts"
import type { Paint } from "../paint.ts"
import { count } from "./words.ts"

/** One line per check, details and the next command only where something is the matter. */
export function doctorText({ env, checks }: Doctor, paint: Paint): string {
  const width = Math.max(0, ...checks.map(check => check.name.length)) + 2
  const looked = checks.filter(check => check.state !== "skip")
  return [`Doctor for env: ${env}`, "", ...looked.flatMap(check => lines(check, width, paint)), ...skipped(checks, paint), "", ...sum(checks)].join("\n")
}

/** One line per reason: a database that does not answer would else fill the screen. */
function skipped(checks: readonly Check[], paint: Paint): string[] {
  const reasons = Map.groupBy(checks.filter(check => check.state === "skip"), check => check.summary)
  return [...reasons].map(([reason, group]) => `  ${paint.dim("skip")} ${group.map(check => check.name).join(", ")}: ${reason}`)
}

function lines(check: Check, width: number, paint: Paint): string[] {
  const indent = " ".repeat(width + 7)
  const told = check.state === "pass" && !check.fixed && check.name !== "environment" ? [] : check.details
  return [
    `  ${mark(check, paint)} ${check.name.padEnd(width)}${check.summary}`,
    ...told.map(line => `${indent}${line}`),
    ...(check.next === null ? [] : [`${indent}next: ${check.next}`]),
  ]
}

function mark({ state }: Check, paint: Paint): string {
  return state === "fail" ? paint.red("FAIL") : state === "warn" ? paint.yellow("warn") : paint.green("pass")
}

function sum(checks: readonly Check[]): string[] {
  const n = (state: Check["state"]): number => checks.filter(check => check.state === state).length
  const mendable = checks.some(check => check.fix !== null)
  const parts = [...(n("fail") > 0 ? [`${n("fail")} failed`] : []), ...(n("warn") > 0 ? [count(n("warn"), "warning")] : []), ...(n("skip") > 0 ? [`${n("skip")} skipped`] : []), `${n("pass")} passed`]
  return [`${parts.join(", ")}.`, ...(mendable ? ["Some of it can be mended: nself doctor --fix"] : [])]
}
