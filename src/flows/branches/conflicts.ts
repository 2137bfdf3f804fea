import { chainFaults, type ChainFault } from "../../core/chain.ts"
import { nextSeq } from "../../core/name.ts"
import { conflictsOf } from "../../core/plan.ts"
import type { Migration } from "../../core/types.ts"
import { authorOf } from "../../files/git.ts"
import { journalPath, readJournalSides } from "../../files/journal.ts"
import { readMigrations } from "../../files/migrations.ts"
import { readLinks } from "../../files/snapshots.ts"
import type { Clash, Pair } from "./commute.ts"
import type { Setup } from "../setup.ts"

/** Files that carry one number. */
export interface Conflict {
  readonly seq: number
  readonly files: readonly { readonly name: string; readonly author: string; readonly sha256: string }[]
}

/** A fault of the chain with the files' names. */
export interface ChainConflict {
  readonly kind: ChainFault["kind"]
  /** The migrations whose snapshots are not where they belong. */
  readonly names: readonly string[]
  /** The migration that their snapshots name before them; `null` where no file has it. */
  readonly after: string | null
}

/** Everything two branches can have done to each other that can be seen in the folder. */
export interface Conflicts {
  readonly migrations: number
  readonly numbers: readonly Conflict[]
  /** git's markers in the journal: its path and line, as `path:line`. */
  readonly markers: string | null
  readonly chain: readonly ChainConflict[]
  readonly clashes: readonly Clash[]
  /** Pairs that could not be tried, with the reason. */
  readonly untried: readonly string[]
  /** The first free number. */
  readonly nextNumber: number
}

/** What a caller has read already; `line`: of git's first marker in the journal. */
export interface ReadFolder {
  readonly files: readonly Migration[]
  readonly line: number | null
}

/**
 * Looks for conflicts in the files alone: no database is opened, none of the user's code runs, and a shadow only where two files
 * share a number or a predecessor.
 */
export async function findConflicts({ root, out }: Pick<Setup, "root" | "out">, read?: ReadFolder): Promise<Conflicts> {
  const files = read?.files ?? (await readMigrations(root, out))
  const { line } = read ?? (await readJournalSides(root, out))
  const groups = conflictsOf(files)
  const faults = chainFaults(readLinks(root, out, files.map(file => file.seq)))
  const { clashes, untried } = await tried(pairsOf(files, groups, faults))
  return {
    migrations: files.length, numbers: await Promise.all(groups.map(group => withAuthors(root, group))), markers: line === null ? null : `${journalPath(out)}:${line}`,
    chain: faults.map(fault => named(files, fault)), clashes, untried, nextNumber: nextSeq(files.map(file => file.seq)),
  }
}

async function withAuthors(root: string, group: readonly Migration[]): Promise<Conflict> {
  return { seq: group[0]!.seq, files: await Promise.all(group.map(async ({ name, up }) => ({ name, author: await authorOf(root, up.path), sha256: up.sha256 }))) }
}

function named(files: readonly Migration[], fault: ChainFault): ChainConflict {
  const nameOf = (seq: number | null) => files.find(file => file.seq === seq)?.name ?? null
  if (fault.kind === "forked") return { kind: "forked", names: fault.seqs.flatMap(seq => nameOf(seq) ?? []), after: nameOf(fault.base) }
  return { kind: "broken", names: [nameOf(fault.seq) ?? ""], after: nameOf(fault.names) }
}

/** Files of one number, and the branches of a fork: each with all that follows it there. */
function pairsOf(files: readonly Migration[], groups: readonly (readonly Migration[])[], faults: readonly ChainFault[]): readonly Pair[] {
  const below = (seq: number) => files.filter(file => file.seq < seq)
  const forks = faults.flatMap(fault => {
    if (fault.kind !== "forked") return []
    const base = below(Math.min(...fault.seqs))
    const branches = fault.seqs.map((seq, i) => files.filter(file => file.seq >= seq && file.seq < (fault.seqs[i + 1] ?? Infinity)))
    return twos(branches).map(([a, b]) => ({ base, a, b }))
  })
  return [...groups.flatMap(group => twos(group).map(([a, b]) => ({ base: below(a.seq), a: [a], b: [b] }))), ...forks]
}

function twos<T>(items: readonly T[]): (readonly [T, T])[] {
  return items.flatMap((a, i) => items.slice(i + 1).map(b => [a, b] as const))
}

async function tried(pairs: readonly Pair[]): Promise<Pick<Conflicts, "clashes" | "untried">> {
  const clashes: Clash[] = []
  const untried: string[] = []
  if (pairs.length === 0) return { clashes, untried }
  const { clashOf } = await import("./commute.ts")
  for (const pair of pairs) {
    try {
      const clash = await clashOf(pair)
      if (clash) clashes.push(clash)
    } catch (error) {
      untried.push(`${pair.a[0]!.name} and ${pair.b[0]!.name} could not be tried: ${(error as Error).message.split("\n")[0]}`)
    }
  }
  return { clashes, untried }
}
