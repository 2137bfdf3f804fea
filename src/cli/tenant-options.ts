import { Fault } from "../core/fault.ts"
import { parseCanary, parseWaves, type Share } from "../core/rollout.ts"
import { selectionOf, type Selection } from "../core/tenant.ts"
import type { Given } from "./argv.ts"
import type { Options } from "./command.ts"

/** Options of every command that can be about tenants. */
export const TENANTS: Options = {
  "--all-tenants": "For every tenant, each in its own schema",
  "--tenant <slug...>": "For this tenant only",
}

/** Options of a run that changes many tenants. */
export const ROLLOUT: Options = {
  "--concurrency <n>": "Connections per server (else 2 per core on this machine, up to 8, and 8 to another one; fewer where it has fewer free)",
  "--fast-commit": "Do not wait for the disk at each tenant, only once at the end",
  "--canary <share>": "These tenants first: 1%, 3, or slugs with commas",
  "--waves <shares>": "Then in waves: 1,10,100% is one tenant, up to ten, all",
  "--check <what>": "Between waves: diff (one shape), a file.sql run read-only in each tenant, or a command that must exit 0",
  "--max-failures <n>": "Begin no other tenant once so many have failed",
  "--continue": "Go on with the next wave whatever failed, and leave out tenants whose ledger does not fit",
}

/** The slug where exactly one tenant was asked for, and not all. */
export function oneIn(given: Given): string | null {
  const selection = selectionIn(given)
  return selection && !selection.all && selection.slugs.length === 1 ? selection.slugs[0]! : null
}

/** The tenants that were asked for; `null`: the command is not about tenants. */
export function selectionIn(given: Given): Selection | null {
  return selectionOf(given.flag("all-tenants"), given.values("tenant"))
}

export interface RolloutGiven {
  readonly concurrency: number | null
  readonly fastCommit: boolean
  readonly waves: readonly Share[]
  readonly check: string | null
  readonly maxFailures: number | null
  readonly goOn: boolean
}

/** The options of `ROLLOUT` as values. Throws `usage` where one makes no sense. */
export function rolloutIn(given: Given): RolloutGiven {
  const [canary, waves] = [given.value("canary"), given.value("waves")]
  return {
    concurrency: positive(given, "concurrency"), fastCommit: given.flag("fast-commit"), check: given.value("check"), maxFailures: positive(given, "max-failures"), goOn: given.flag("continue"),
    waves: [...(canary === null ? [] : [parseCanary(canary)]), ...(waves === null ? [] : parseWaves(waves))],
  }
}

/** Refuses options that only mean something for tenants where no tenant was asked for: they would be believed to hold. */
export function refuseRollout(given: Given): void {
  const names = Object.keys(ROLLOUT).map(option => option.slice(2).split(" ")[0]!)
  const used = names.find(name => given.flag(name) || given.value(name) !== null)
  if (used !== undefined) throw new Fault("usage", `\`--${used}\` is for tenants`, `--all-tenants --${used}, or --tenant acme-corp`)
}

function positive(given: Given, name: string): number | null {
  const typed = given.value(name)
  if (typed === null) return null
  if (!/^[1-9]\d{0,4}$/.test(typed)) throw new Fault("usage", `\`--${name}\` must be a number from 1 up, not \`${typed}\``, `--${name} 8`)
  return Number(typed)
}
