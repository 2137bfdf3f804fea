import type { Catalog, Drift } from "./catalog.ts"

/** What must change for `have` to become `want`. Sorted, so the same two catalogs always print the same report. */
export function compare(want: Catalog, have: Catalog): Drift {
  const keys = [...new Set([...want.objects.keys(), ...have.objects.keys()])].toSorted()
  const pairs = keys.map(key => ({ want: want.objects.get(key), have: have.objects.get(key) }))
  return {
    missing: pairs.flatMap(p => (p.want && !p.have ? [p.want] : [])),
    extra: pairs.flatMap(p => (p.have && !p.want ? [p.have] : [])),
    changed: pairs.flatMap(p => (p.want && p.have && p.want.detail !== p.have.detail ? [{ want: p.want, have: p.have }] : [])),
  }
}

export const isSame = (drift: Drift): boolean => drift.missing.length + drift.extra.length + drift.changed.length === 0

/** One line per difference: `missing table np_users`. For the proof's message and for tests. */
export const driftLines = (drift: Drift): string[] => [
  ...drift.missing.map(o => `missing ${o.kind} ${o.key}: ${o.detail}`),
  ...drift.extra.map(o => `extra ${o.kind} ${o.key}: ${o.detail}`),
  ...drift.changed.map(c => `changed ${c.want.kind} ${c.want.key}: ${c.have.detail} -> ${c.want.detail}`),
]
