import { Fault } from "./fault.ts"
import type { Journal } from "./journal.ts"
import type { Applied, Migration } from "./types.ts"

/** What a database says of itself: which environment it is, and whose migrations it carries. */
export interface EnvironmentMark {
  readonly environment: string
  /** The journal's uuid, or the SHA-256 of the project's first migration where it has none; `null`: there were no migrations yet. */
  readonly projectId: string | null
  /** The first migration's name, for people. */
  readonly projectName: string | null
  readonly markedAt: Date
}

/** The side of the project, to be compared with the mark. */
export interface Claim {
  /** `--env`, or what the environment says. */
  readonly environment: string
  /** `null`: the folder has no migrations. */
  readonly project: { readonly id: string; readonly name: string } | null
  /** Whether the database's ledger knows one of the folder's files, or nothing at all: then it is not another project's, whatever the ids say. */
  readonly related: boolean
}

/**
 * Who asks. What tells one project from another on every machine is the id in its journal, or, where drizzle-kit wrote that, the migration its
 * history begins with.
 */
export function claimOf(environment: string, { files, journal }: History, ledger: readonly Applied[]): Claim {
  const first = files.toSorted((a, b) => a.seq - b.seq)[0]
  const all = files.flatMap(file => [{ name: file.name, sha256: file.up.sha256 }, ...(file.squashes ?? [])])
  const known = new Set(all.flatMap(one => (journal.project ? [one.sha256] : [one.sha256, one.name])))
  return {
    environment, project: first ? { id: journal.project ?? first.up.sha256, name: first.name } : null,
    related: ledger.length === 0 || ledger.some(row => known.has(row.sha256) || known.has(row.name)),
  }
}

interface History {
  readonly files: readonly Migration[]
  readonly journal: Pick<Journal, "project">
}

/** Why this command must not touch this database; `null`: the mark and the claim fit, or there is no mark. */
export function markFault(mark: EnvironmentMark | null, claim: Claim, command: string): Fault | null {
  if (!mark) return null
  if (mark.environment !== claim.environment) {
    return new Fault("refused", `this database is marked ${mark.environment} (since ${day(mark)}), and \`nself ${command}\` was told that it is ${claim.environment}; nothing was changed`,
      `check --url and DATABASE_URL, or say --env ${mark.environment}; if the database has become another one: nself db mark --env ${claim.environment}`)
  }
  if (!mark.projectId || !claim.project || mark.projectId === claim.project.id || claim.related) return null
  return new Fault("refused", `this database belongs to another project: its history began with ${mark.projectName ?? "another migration"} (id ${short(mark.projectId)}), this folder's with ${claim.project.name} (id ${short(claim.project.id)}); nothing was changed`,
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
const short = (id: string): string => id.slice(0, 12)
