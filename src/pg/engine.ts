import { Fault } from "../core/fault.ts"

/** Major versions nself is tested with. */
export const MAJORS = [14, 15, 16, 17, 18] as const

/** Engines that speak PostgreSQL's protocol without being PostgreSQL, by what their `version()` holds. */
const OTHERS: readonly (readonly [mark: string, name: string])[] = [
  ["CockroachDB", "CockroachDB"], ["-YB-", "YugabyteDB"], ["Redshift", "Amazon Redshift"], ["Greenplum", "Greenplum"],
  ["Materialize", "Materialize"], ["RisingWave", "RisingWave"], ["CrateDB", "CrateDB"], ["QuestDB", "QuestDB"],
]

/**
 * `PostgreSQL 15.18`, or a `refused` fault that names the engine.
 *
 * @param version  what `select version()` says
 */
export function engineOf(version: string): string {
  const other = OTHERS.find(([mark]) => version.includes(mark))
  if (other) throw new Fault("refused", `${other[1]} is not PostgreSQL; its catalogs and locks differ, so nself would not keep its word there`, HINT)
  const [name, release = ""] = version.split(" ")
  if (name !== "PostgreSQL") throw new Fault("refused", `not PostgreSQL: ${version.slice(0, 80)}`, HINT)
  if (!MAJORS.some(major => major === Number.parseInt(release, 10))) {
    throw new Fault("refused", `PostgreSQL ${release} is not supported`, HINT)
  }
  return `PostgreSQL ${release}`
}

const HINT = `use PostgreSQL ${MAJORS[0]} to ${MAJORS.at(-1)}`
