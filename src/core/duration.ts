import { Fault } from "./fault.ts"

/** Milliseconds. */
const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, min: 60_000, m: 60_000, h: 3_600_000 }
/** PostgreSQL's own limit for its time-outs. */
const LONGEST = 2_147_483_647

/** `500ms`, `2s`, `15min`, `1h`; a bare number is seconds. In milliseconds. Throws a `usage` fault that names the option. */
export function parseDuration(typed: string, option: string): number {
  const found = /^(\d{1,10}(?:\.\d{1,3})?)(ms|s|min|m|h)?$/.exec(typed.trim())
  const ms = found ? Math.round(Number(found[1]) * UNITS[found[2] ?? "s"]!) : Number.NaN
  if (ms <= LONGEST) return ms
  throw new Fault("usage", `not a time for ${option}: \`${typed}\``, `${option} 500ms, ${option} 30s or ${option} 15min`)
}
