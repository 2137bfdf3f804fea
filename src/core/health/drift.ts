import type { CatalogObject, Drift } from "../catalog.ts"
import { isSame } from "../compare.ts"
import { counted, fail, pass, type Check } from "./check.ts"

/** `null`: no migration is applied, so there is nothing to compare with. */
export function driftCheck(drift: Drift | null): Check {
  if (drift === null) return pass("drift", "nothing is applied yet")
  if (isSame(drift)) return pass("drift", "the database is what its migrations made")
  const shown = (what: string, objects: readonly CatalogObject[]): string[] => objects.map(({ kind, key }) => `${what} ${kind} ${key}`)
  const details = [...shown("missing", drift.missing), ...shown("extra", drift.extra), ...shown("changed", drift.changed.map(change => change.want))]
  return fail("drift", `${counted(details.length, "difference")} between the database and what its migrations made`, {
    details: details.length > 10 ? [...details.slice(0, 9), `and ${details.length - 9} more`] : details, next: "nself db migrate diff",
  })
}
