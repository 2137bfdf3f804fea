import { Fault } from "../../core/fault.ts"
import { pad } from "../../core/name.ts"
import { someOf } from "../../core/tenant.ts"
import type { TenantProgress, TenantRow, TenantRun } from "../../core/tenant-run.ts"
import type { Paint } from "../paint.ts"
import { count } from "./words.ts"

/** How many of the slowest tenants are named. */
const SLOWEST = 5

/** What became of the tenants: sums first, then each distinct error once with its tenants, then those not tried. */
export function tenantRunText(run: TenantRun, paint: Paint): string {
  if (run.dryRun) return dryRunText(run)
  const failed = run.tenants.filter(row => row.state === "failed")
  const lines = [sumLine(run), ...run.waves.map((_, i) => waveLine(run, i, paint)), ...failures(failed, paint), ...notTried(run, paint), ...slowest(run), ...leftOut(run)]
  return lines.join("\n")
}

function sumLine(run: TenantRun): string {
  const { tenants, direction, elapsedMs } = run
  if (tenants.length === 0) return `There are no tenants (${run.source}).`
  const applied = tenants.filter(row => row.state === "applied")
  const already = tenants.filter(row => row.state === "already").length
  if (run.single && tenants.length === 1) return singleLine(run, tenants[0]!)
  const seconds = elapsedMs / 1000
  const verb = direction === "up" ? "Applied to" : "Rolled back at"
  if (applied.length + already === 0) return `${verb} 0 of ${count(tenants.length, "tenant")}.`
  const did = applied.length === 0 ? `Nothing to do at ${count(already, "tenant")}: ${versions(tenants.filter(row => row.state === "already"))}.`
    : `${verb} ${applied.length} of ${count(tenants.length, "tenant")} in ${seconds.toFixed(1)} s (${Math.round(applied.length / seconds)}/s): ${versions(applied)}.`
  return applied.length > 0 && already > 0 ? `${did} ${already} ${already === 1 ? "needed" : "needed"} nothing.` : did
}

function singleLine({ direction }: TenantRun, row: TenantRow): string {
  const now = `Tenant ${row.slug} is at version ${pad(row.to ?? 0)}`
  if (row.state === "applied") return `${direction === "up" ? "Applied to" : "Rolled back at"} tenant ${row.slug}: version ${pad(row.from ?? 0)} to ${pad(row.to ?? 0)} (${row.durationMs ?? 0}ms).`
  return row.state === "already" ? `Nothing to do. ${now}.` : row.state === "skipped" ? `Tenant ${row.slug} was not tried.` : `${row.to === null ? `Tenant ${row.slug}` : now}: failed.`
}

/** `version 0003`, or `0003 at 990, 0002 at 7`. */
function versions(rows: readonly TenantRow[]): string {
  const groups = [...Map.groupBy(rows, row => row.to ?? 0)].toSorted(([a], [b]) => b - a)
  return groups.length === 1 ? `version ${pad(groups[0]![0])}` : groups.map(([version, all]) => `${pad(version)} at ${all.length}`).join(", ")
}

function waveLine({ waves }: TenantRun, i: number, paint: Paint): string {
  const wave = waves[i]!
  const said = wave.check === null ? "" : wave.check === "passed" ? ", check passed" : `, ${paint.red("check failed")}: ${wave.said}`
  return `  wave ${i + 1}: ${count(wave.tenants, "tenant")}${wave.failed > 0 ? `, ${wave.failed} failed` : ""}${said}`
}

function failures(failed: readonly TenantRow[], paint: Paint): readonly string[] {
  if (failed.length === 0) return []
  const groups = [...Map.groupBy(failed, row => row.fault?.message ?? "")]
  return ["", `${paint.red("Failed")} (${failed.length}):`, ...groups.flatMap(([message, rows]) => [
    `  ${someOf(rows.map(nameOf), 20)}`, ...message.split("\n").map(line => `    ${line}`), ...(rows[0]!.fault?.hint ? [`    hint: ${rows[0]!.fault.hint}`] : []),
  ])]
}

function nameOf({ slug, to }: TenantRow): string {
  return to === null ? slug : `${slug} (at ${pad(to)})`
}

function notTried({ tenants, stopped }: TenantRun, paint: Paint): readonly string[] {
  const skipped = tenants.filter(row => row.state === "skipped")
  if (skipped.length === 0) return []
  return ["", `${paint.yellow("Not tried")} (${skipped.length})${stopped ? `, because ${stopped}` : ""}: ${someOf(skipped.map(row => row.slug), 20)}`]
}

function slowest({ tenants }: TenantRun): readonly string[] {
  const rows = tenants.filter(row => row.state === "applied" && row.durationMs !== null).toSorted((a, b) => b.durationMs! - a.durationMs!)
  if (rows.length <= SLOWEST) return []
  return [`Slowest: ${rows.slice(0, SLOWEST).map(row => `${row.slug} (${row.durationMs}ms)`).join(", ")}`]
}

function leftOut({ left }: TenantRun): readonly string[] {
  return left.length === 0 ? [] : [`Left out because of their status: ${someOf(left)}`]
}

function dryRunText({ files, tenants, direction }: TenantRun): string {
  const planned = tenants.filter(row => row.state === "planned")
  const failed = tenants.filter(row => row.state === "failed")
  const head = planned.length === 0 ? `Nothing to do at ${count(tenants.length - failed.length, "tenant")}.` : `-- would ${direction === "up" ? "run" : "roll back"} at ${count(planned.length, "tenant")}: ${someOf(planned.map(row => row.slug))}`
  return [...(planned.length === 0 ? [] : files.map(file => `-- ${file.path}\n${file.sql.trimEnd()}\n`)), head].join("\n")
}

/** The same for `--json`. */
export function tenantRunJson({ direction, env, dryRun, source, tenants, left, files, waves, stopped, elapsedMs }: TenantRun): unknown {
  const at = (version: number | null): string | null => (version === null ? null : pad(version))
  return {
    direction, env, dryRun, source, stopped, elapsedMs: Math.round(elapsedMs), left, waves,
    files: files.map(({ name, path, sql }) => ({ name, path, ...(dryRun ? { sql } : {}) })),
    counts: Object.fromEntries(["applied", "already", "failed", "skipped", "planned"].map(state => [state, tenants.filter(row => row.state === state).length])),
    tenants: tenants.map(row => ({ ...row, from: at(row.from), to: at(row.to), fault: row.fault ? { class: row.fault.exit, message: row.fault.message, ...(row.fault.hint ? { hint: row.fault.hint } : {}) } : null })),
  }
}

/** A run that left tenants behind is a partial failure; where one tenant was asked for by name, its own failure is the command's. */
export function tenantRunFault(run: TenantRun): Fault | null {
  const failed = run.tenants.filter(row => row.state === "failed")
  const skipped = run.tenants.filter(row => row.state === "skipped").length
  if (failed.length === 0 && skipped === 0) return null
  if (run.single && failed.length === run.tenants.length) return failed[0]!.fault
  const again = `nself db migrate ${run.direction} ${run.single ? `--tenant ${run.tenants[0]!.slug}` : "--all-tenants"} goes on with what is left`
  if (run.stopped === "interrupted") return new Fault("interrupted", `interrupted; ${count(skipped, "tenant")} not tried, and what was running was rolled back`, again)
  const parts = [...(failed.length > 0 ? [`${failed.length} of ${count(run.tenants.length, "tenant")} failed`] : []), ...(skipped > 0 ? [`${skipped} not tried`] : [])]
  return new Fault("partial", parts.join(", "), again)
}

/** `812 of 10000 tenants, 3 failed, 240/s, 38 s left`. */
export function progressLine({ total, done, failed, elapsedMs }: TenantProgress): string {
  const reached = done + failed
  const rate = reached / Math.max(0.001, elapsedMs / 1000)
  return `${reached} of ${count(total, "tenant")}, ${failed} failed, ${Math.round(rate)}/s, ${Math.ceil((total - reached) / Math.max(rate, 0.001))} s left`
}
