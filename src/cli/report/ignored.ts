import type { Ignored } from "../../core/filter.ts"
import { count } from "./words.ts"

/** `Ignored: 4 objects (hdb_catalog: 3, tablesFilter: 1).`, or nothing. */
export function ignoredText(ignored: Ignored): string[] {
  const all = Object.entries(ignored)
  const sum = all.reduce((n, [, one]) => n + one, 0)
  return sum === 0 ? [] : [`Ignored: ${count(sum, "object")} (${all.map(([why, n]) => `${why}: ${n}`).join(", ")}).`]
}
