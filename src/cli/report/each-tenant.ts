import type { EachTenant } from "../../core/each-tenant.ts"
import { Fault } from "../../core/fault.ts"
import { someOf } from "../../core/tenant.ts"
import type { Paint } from "../paint.ts"
import { count } from "./words.ts"

/** The sum, each distinct error once with its tenants, those not tried. `did`: `Ran the seeds`. */
export function eachText(did: string, { tenants, left, elapsedMs }: EachTenant<unknown>, paint: Paint): string {
  const [done, failed, skipped] = (["done", "failed", "skipped"] as const).map(state => tenants.filter(row => row.state === state))
  const errors = [...Map.groupBy(failed!, row => row.fault?.message ?? "")]
  return [
    tenants.length === 0 ? "There are no tenants." : `${did} at ${done!.length} of ${count(tenants.length, "tenant")} in ${(elapsedMs / 1000).toFixed(1)} s.`,
    ...(errors.length === 0 ? [] : ["", `${paint.red("Failed")} (${failed!.length}):`]),
    ...errors.flatMap(([message, rows]) => [`  ${someOf(rows.map(row => row.slug), 20)}`, ...message.split("\n").map(line => `    ${line}`), ...(rows[0]!.fault?.hint ? [`    hint: ${rows[0]!.fault.hint}`] : [])]),
    ...(skipped!.length === 0 ? [] : ["", `${paint.yellow("Not tried")} (${skipped!.length}): ${someOf(skipped!.map(row => row.slug), 20)}`]),
    ...(left.length === 0 ? [] : [`Left out because of their status: ${someOf(left)}`]),
  ].join("\n")
}

/** The same for `--json`; `one` shows the result of one tenant. */
export function eachJson<T>({ tenants, elapsedMs, ...rest }: EachTenant<T>, one: (result: T) => unknown): unknown {
  return {
    ...rest, elapsedMs: Math.round(elapsedMs),
    tenants: tenants.map(({ result, fault, ...row }) => ({ ...row, result: result === null ? null : one(result), fault: fault ? { class: fault.exit, message: fault.message, ...(fault.hint ? { hint: fault.hint } : {}) } : null })),
  }
}

/** Partial where any tenant failed or was not tried. `again`: the command. */
export function eachFault(again: string, { tenants }: EachTenant<unknown>): Fault | null {
  const failed = tenants.filter(row => row.state === "failed").length
  const skipped = tenants.filter(row => row.state === "skipped").length
  if (failed + skipped === 0) return null
  const parts = [...(failed > 0 ? [`${failed} of ${count(tenants.length, "tenant")} failed`] : []), ...(skipped > 0 ? [`${skipped} not tried`] : [])]
  return new Fault("partial", parts.join(", "), `${again} --tenant <slug>`)
}
