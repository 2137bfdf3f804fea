/** The first snapshot of a project names nobody before it. */
export const NOBODY = "00000000-0000-0000-0000-000000000000"

export interface ChainLink {
  readonly seq: number
  readonly id: string
  readonly prevId: string
}

/** Where the snapshots do not follow one another. */
export type ChainFault =
  /** `seqs` name one and the same snapshot before them. */
  | { readonly kind: "forked"; readonly seqs: readonly number[]; readonly base: number | null }
  /** `seq` names a snapshot that is not the one before it; `names` is the number of the one it names, `null` where nobody has that id. */
  | { readonly kind: "broken"; readonly seq: number; readonly before: number | null; readonly names: number | null }

/**
 * Every fork and every break of the `prevId` chain, in the order of numbers.
 *
 * @param links  sorted by number, one per number; migrations without a snapshot are simply not there
 */
export function chainFaults(links: readonly ChainLink[]): readonly ChainFault[] {
  const seqOf = new Map(links.map(link => [link.id, link.seq]))
  const siblings = Map.groupBy(links, link => link.prevId)
  const forks = [...siblings.values()].filter(group => group.length > 1)
    .map(group => ({ kind: "forked", seqs: group.map(one => one.seq), base: seqOf.get(group[0]!.prevId) ?? null }) as const)
  const forked = new Set(forks.flatMap(fork => fork.seqs))
  const breaks = links.flatMap((link, i) => {
    const before = links[i - 1]
    if (link.prevId === (before?.id ?? NOBODY) || forked.has(link.seq)) return []
    return [{ kind: "broken", seq: link.seq, before: before?.seq ?? null, names: seqOf.get(link.prevId) ?? null } as const]
  })
  return [...forks, ...breaks]
}
