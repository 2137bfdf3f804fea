import { Fault } from "./fault.ts"
import type { Applied, Migration } from "./types.ts"

/** What a database says of itself: which environment it is, and whose migrations it carries. */
export interface EnvironmentMark {
  readonly environment: string
  /** SHA-256 of the project's first migration; `null` where it had none yet. */
  readonly projectId: string | null
  /** That migration's name, for people. */
  readonly projectName: string | null
  readonly markedAt: Date
}

/** The side of the project, to be compared with the mark. */
export interface Claim {
  /** `--env`, or what the environment says. */
  readonly environment: string
  /** `null`: the folder has no migrations. */
  readonly project: { readonly id: string; readonly name: string } | null
  /** Whether a row of the database's ledger is one of the folder's files: then it is the same project, whatever its first migration is now. */
  readonly related: boolean
}

/** What tells one project from another on every machine, without a file of its own: the migration its history begins with. */
export function claimOf(environment: string, files: readonly Migration[], ledger: readonly Applied[]): Claim {
  const first = files.toSorted((a, b) => a.seq - b.seq)[0]
  const known = new Set(files.map(file => file.up.sha256))
  return {
    environment, project: first ? { id: first.up.sha256, name: first.name } : null,
    related: ledger.some(row => known.has(row.sha256)),
  }
}

/** Why this command must not touch this database; `null`: the mark and the claim fit, or there is no mark. */
export function markFault(mark: EnvironmentMark | null, claim: Claim, command: string): Fault | null {
  if (!mark) return null
  if (mark.environment !== claim.environment) {
    return new Fault("refused", `this database is marked ${mark.environment} (since ${day(mark)}), and \`nself ${command}\` was told that it is ${claim.environment}; nothing was changed`,
      `check --url and DATABASE_URL, or say --env ${mark.environment}; if the database has become another one: nself db mark --env ${claim.environment}`)
  }
  if (!mark.projectId || !claim.project || mark.projectId === claim.project.id || claim.related) return null
  return new Fault("refused", `this database belongs to another project: its history began with ${mark.projectName ?? "another migration"} (${short(mark.projectId)}), this folder's with ${claim.project.name} (${short(claim.project.id)}); nothing was changed`,
    "check --url and DATABASE_URL; if this folder's history was begun anew: nself db mark")
}

/** The environments whose databases may be emptied, filled with mock data and changed without a migration. */
const FREE = ["dev", "test"]

/**
 * Why a command for dev must not run here: the environment that was named, or, whatever was named, the mark in the database.
 *
 * @param mark   `null`: the database carries none
 * @param local  whether the database is on this machine; one elsewhere must carry the mark
 */
export function devOnlyFault(mark: EnvironmentMark | null, claim: Claim, local: boolean, command: string): Fault | null {
  if (!FREE.includes(claim.environment)) return new Fault("refused", `\`nself ${command}\` is for dev only, and this is ${claim.environment}; nothing was changed`, `nself ${command} --env dev`)
  if (mark && !FREE.includes(mark.environment)) {
    return new Fault("refused", `this database is marked ${mark.environment} (since ${day(mark)}), whatever --env says; \`nself ${command}\` is for dev only; nothing was changed`, "check --url and DATABASE_URL")
  }
  const wrong = markFault(mark && { ...mark, environment: claim.environment }, claim, command)
  if (wrong) return wrong
  if (mark || local) return null
  return new Fault("refused", `this database is not on this machine and carries no mark that says dev; \`nself ${command}\` changed nothing`,
    `check --url and DATABASE_URL; if it is a database for dev: nself db mark --env ${claim.environment}`)
}

const day = (mark: EnvironmentMark): string => mark.markedAt.toISOString().slice(0, 10)
const short = (sha256: string): string => `sha256:${sha256.slice(0, 12)}`
