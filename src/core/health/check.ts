/** What doctor says of one thing. */
export interface Check {
  /** One of `CHECKS`. */
  readonly name: CheckName
  /** `skip`: it could not be looked at, because something before it fails. */
  readonly state: "pass" | "warn" | "fail" | "skip"
  /** One line. */
  readonly summary: string
  readonly details: readonly string[]
  /** The next command to type, or the next thing to do. */
  readonly next: string | null
  /** What `--fix` does about it; `null` where nothing can be done safely. */
  readonly fix: string | null
  /** Whether `--fix` has done so, in this run. */
  readonly fixed: boolean
}

/** Every check, in the order it is shown. */
export const CHECKS = [
  "environment", "config", "migrations", "disk",
  "server", "tls", "pooler", "settings", "rights", "mark", "ledger", "checksums", "pending", "extensions", "drift", "indexes", "constraints", "activity", "tenants",
] as const
export type CheckName = (typeof CHECKS)[number]

/** Those that need no database. */
export const OFFLINE: readonly CheckName[] = ["environment", "config", "migrations", "disk"]

type More = Partial<Pick<Check, "details" | "next" | "fix">>

const made = (name: CheckName, state: Check["state"], summary: string, { details = [], next = null, fix = null }: More): Check => ({ name, state, summary, details, next, fix, fixed: false })

export const pass = (name: CheckName, summary: string, more: More = {}): Check => made(name, "pass", summary, more)
export const warn = (name: CheckName, summary: string, more: More): Check => made(name, "warn", summary, more)
export const fail = (name: CheckName, summary: string, more: More): Check => made(name, "fail", summary, more)
export const skip = (name: CheckName, summary: string): Check => made(name, "skip", summary, {})

/** How all of it stands: the worst counts. */
export function verdictOf(checks: readonly Check[]): "ok" | "warnings" | "unhealthy" {
  if (checks.some(check => check.state === "fail")) return "unhealthy"
  return checks.some(check => check.state === "warn") ? "warnings" : "ok"
}

/** `3 indexes`, `1 index`. */
export const counted = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`
