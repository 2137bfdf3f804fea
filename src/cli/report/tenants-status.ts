import { Fault } from "../../core/fault.ts"
import { pad } from "../../core/name.ts"
import { someOf } from "../../core/tenant.ts"
import type { Mark, StatusGroup, TenantsStatus } from "../../flows/tenants/status.ts"
import type { TenantsVerified } from "../../flows/tenants/verify.ts"
import type { Paint } from "../paint.ts"
import { count, width } from "./words.ts"

/** Versions by number of tenants, then the odd ones by name. */
export function tenantsStatusText(status: TenantsStatus, paint: Paint): string {
  const { env, source, total, groups, matrix } = status
  const names = width(groups.map(nameOf))
  const numbers = Math.max(...groups.map(group => String(group.slugs.length).length), 1)
  const behind = groups.filter(group => group.pending.length > 0).reduce((sum, group) => sum + group.slugs.length, 0)
  return [
    `Migration status for env: ${env}, ${count(total, "tenant")} (${source})`, "",
    ...groups.map((group, i) => `  ${nameOf(group).padEnd(names)}${String(group.slugs.length).padStart(numbers)} ${group.slugs.length === 1 ? "tenant " : "tenants"}  ${said(group, paint)}${namesOf(group, i === 0)}`),
    ...(groups.length > 0 ? [""] : []),
    ...(matrix ? [...matrixLines(status, paint), ""] : []),
    ...unreadLines(status.unread, paint),
    ...(status.left.length > 0 ? [`Left out because of their status: ${someOf(status.left)}`] : []),
    behind === 0 ? "All tenants that could be read are up to date." : `${count(behind, "tenant")} ${behind === 1 ? "is" : "are"} behind: nself db migrate up --all-tenants`,
  ].join("\n")
}

function nameOf({ name, version }: StatusGroup): string {
  return version === 0 || name === null ? "(nothing applied)" : name
}

function said({ pending, odd }: StatusGroup, paint: Paint): string {
  const state = pending.length === 0 ? paint.green("up to date") : paint.yellow(`${pending.length} pending`)
  return [state, ...odd.map(line => paint.red(line))].join(", ")
}

/** The many that are well are not named; the odd ones are. */
function namesOf({ slugs, pending, odd }: StatusGroup, most: boolean): string {
  return most && pending.length + odd.length === 0 ? "" : `: ${someOf(slugs, 10)}`
}

const MARKS: Readonly<Record<Mark, string>> = { applied: "x", pending: ".", altered: "!", unfinished: "~", late: "<" }

function matrixLines({ matrix, files }: TenantsStatus, paint: Paint): readonly string[] {
  const names = width([...matrix!.map(row => row.slug), "tenant"])
  const columns = files.map(file => pad(Number.parseInt(file, 10)))
  const paints: Readonly<Record<Mark, (text: string) => string>> = { applied: paint.green, pending: paint.yellow, altered: paint.red, unfinished: paint.red, late: paint.red }
  return [
    `  ${"tenant".padEnd(names)}${columns.join("  ")}`,
    ...matrix!.map(({ slug, marks }) => `  ${slug.padEnd(names)}${marks.map((mark, i) => paints[mark](MARKS[mark]) + " ".repeat(columns[i]!.length + 1)).join("")}`.trimEnd()),
    "  x applied   . pending   ! altered   ~ unfinished   < older than the last applied one",
  ]
}

function unreadLines(unread: TenantsStatus["unread"], paint: Paint): readonly string[] {
  if (unread.length === 0) return []
  const groups = [...Map.groupBy(unread, one => one.why)]
  return [`${paint.red("Not readable")} (${unread.length}):`, ...groups.map(([why, all]) => `  ${someOf(all.map(one => one.slug), 10)}: ${why}`), ""]
}

/** The same for `--json`. */
export function tenantsStatusJson({ groups, exitCode: _, ...rest }: TenantsStatus): unknown {
  return { ...rest, groups: groups.map(group => ({ ...group, version: pad(group.version), tenants: group.slugs.length })) }
}

/** A tenant that cannot be read makes the answer partial. */
export function unreadFault({ total, unread }: { readonly total: number; readonly unread: TenantsStatus["unread"] }): Fault | null {
  if (unread.length === 0) return null
  return new Fault("partial", `${unread.length} of ${count(total, "tenant")} could not be read: ${someOf(unread.map(one => one.slug))}`, "nself db tenant list")
}

/** Tenants whose files are as they were in one line, the others with what was found. */
export function tenantsVerifyText({ total, good, bad, unread }: TenantsVerified, paint: Paint): string {
  return [
    `Verifying the applied migrations of ${count(total, "tenant")}...`,
    `  ${paint.green("[x]")} ${count(good, "tenant")}  OK`,
    ...bad.flatMap(({ slugs, checks }) => [
      `  ${paint.red("[!]")} ${someOf(slugs, 10)}`,
      ...checks.flatMap(({ name, state, expected, got }) => [`      ${name}  ${state === "missing" ? "FILE MISSING" : "CHECKSUM MISMATCH"}`, `        Expected: ${expected}`, ...(got ? [`        Got:      ${got}`] : [])]),
    ]),
    ...unreadLines(unread, paint),
    ...(bad.length === 0 ? [] : ["", `${paint.red("ERROR")}: Applied migration has been modified. This is a schema integrity violation.`, "To resolve: restore the original file, or create a new migration for the change."]),
  ].join("\n")
}
