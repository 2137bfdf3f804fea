import { SAID } from "../environment-lines.ts"
import { conflictsOf } from "../plan.ts"
import { pad } from "../name.ts"
import type { Migration } from "../types.ts"
import { counted, fail, pass, warn, type Check } from "./check.ts"

export interface EnvironmentFacts {
  readonly name: string
  readonly saidBy: "flag" | "variable" | "default"
  readonly files: readonly string[]
  /** For each variable that the connection is made from: where its value came from, and the files that say it too and lost. */
  readonly origins: readonly { readonly name: string; readonly from: string; readonly over: readonly string[] }[]
  /** Files with passwords that others on this machine can read. */
  readonly readable: readonly string[]
  /** Files with passwords that git would take. */
  readonly tracked: readonly string[]
  /** Variables of the process that change how nself itself runs. */
  readonly hostile: readonly string[]
}

/** Which environment holds, out of which files, and whether they keep their secrets. */
export function environmentCheck(facts: EnvironmentFacts): Check {
  const summary = `${facts.name} (${SAID[facts.saidBy]}), ${facts.files.length === 0 ? "no environment files" : facts.files.join(" then ")}`
  const details = facts.origins.map(({ name, from, over }) => `${name} from ${from}${over.length > 0 ? `, over ${over.join(", ")}` : ""}`)
  if (facts.hostile.length > 0) {
    return warn("environment", `${facts.hostile.join(", ")} in the environment can run other code or turn off what protects a connection`, { details, next: `unset ${facts.hostile.join(" ")}` })
  }
  if (facts.tracked.length > 0) {
    return warn("environment", `git would take ${facts.tracked.join(", ")}, which holds passwords`, { details, next: "nself doctor --fix", fix: `adds ${facts.tracked.join(", ")} to .gitignore` })
  }
  if (facts.readable.length > 0) {
    const files = facts.readable.join(" ")
    return warn("environment", `everybody on this machine can read the passwords in ${facts.readable.join(", ")}`, { details, next: `chmod 600 ${files}`, fix: `chmod 600 ${files}` })
  }
  return pass("environment", summary, { details })
}

export interface ConfigFacts {
  /** Relative to the root; `null`: there is none. */
  readonly path: string | null
  readonly out: string
  readonly schema: readonly string[]
}

export function configCheck({ path, out, schema }: ConfigFacts): Check {
  const where = `migrations in ${out}${schema.length > 0 ? `, schema in ${schema.join(", ")}` : ""}`
  if (path) return pass("config", `${path}: ${where}`)
  return schema.length > 0 ? pass("config", `no drizzle.config.ts, so the defaults hold: ${where}`) : warn("config", "no drizzle.config.ts, and no schema where it is looked for without one", { next: "nself init" })
}

export interface MigrationsFacts {
  readonly out: string
  readonly files: readonly Migration[]
  /** What is wrong between folder and journal, in the words of the fault; `null`: nothing. */
  readonly journal: { readonly message: string; readonly hint: string | null } | null
}

/** Whether the folder holds one history: numbers once, journal and files alike, a way back for each. */
export function migrationsCheck({ out, files, journal }: MigrationsFacts): Check {
  const twice = conflictsOf(files)[0]
  if (twice) {
    return fail("migrations", `two migrations carry number ${pad(twice[0]!.seq)}`, { details: twice.map(file => file.up.path), next: "nself db migrate status --check-conflicts" })
  }
  if (journal) return fail("migrations", journal.message, { next: journal.hint })
  const oneWay = files.filter(file => file.down === null)
  if (oneWay.length > 0) {
    return pass("migrations", `${counted(files.length, "migration")} in ${out}, ${oneWay.length} of them without a down file`, { details: oneWay.slice(0, 5).map(file => `${file.name} cannot be rolled back`) })
  }
  return pass("migrations", files.length === 0 ? `no migrations in ${out} yet` : `${counted(files.length, "migration")} in ${out}, each with its way back`)
}

/** Free space of one disk. */
export interface DiskFacts {
  /** For people: `the project`, `the server's data directory`. */
  readonly what: string
  /** Bytes; `null`: this cannot be seen from here. */
  readonly free: number | null
  /** Bytes that the database takes, where this is the server's disk. */
  readonly used: number | null
}

const MB = 1_000_000

/** A table that is rewritten needs as much again, so the database's own size is the measure. */
export function diskCheck(disks: readonly DiskFacts[]): Check {
  const details = disks.map(({ what, free, used }) => `${what}: ${free === null ? "cannot be seen from here" : `${size(free)} free`}${used === null ? "" : `, the database takes ${size(used)}`}`)
  const full = disks.find(({ free }) => free !== null && free < 50 * MB)
  if (full) return fail("disk", `${full.what}: only ${size(full.free!)} free`, { details, next: "make room first: a migration that meets a full disk is rolled back" })
  const tight = disks.find(({ free, used }) => free !== null && (free < 500 * MB || (used !== null && free < used)))
  if (tight) return warn("disk", `${tight.what}: ${size(tight.free!)} free${tight.used !== null && tight.free! < tight.used ? ", less than the database takes" : ""}`, { details, next: "a migration that rewrites a large table may need more" })
  return pass("disk", "enough room", { details })
}

function size(bytes: number): string {
  return bytes >= 1000 * MB ? `${(bytes / (1000 * MB)).toFixed(1)} GB` : `${Math.round(bytes / MB)} MB`
}
