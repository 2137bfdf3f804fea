import type { Catalog, CatalogObject, Drift } from "./catalog.ts"

/** What must change for `have` to become `want`. Sorted, so the same two catalogs always print the same report. */
export function compare(want: Catalog, have: Catalog): Drift {
  const keys = [...new Set([...want.objects.keys(), ...have.objects.keys()])].toSorted()
  const pairs = keys.map(key => ({ want: want.objects.get(key), have: have.objects.get(key) }))
  return {
    missing: pairs.flatMap(p => (p.want && !p.have && !comesWithParent(p.want, have) ? [p.want] : [])),
    extra: pairs.flatMap(p => (p.have && !p.want && !goesWithParent(p.have, want) ? [p.have] : [])),
    changed: pairs.flatMap(p => (p.want && p.have && differs(p.want, p.have) ? [{ want: p.want, have: p.have }] : [])),
  }
}

function differs(want: CatalogObject, have: CatalogObject): boolean {
  return want.implied && have.implied ? want.implied.detail !== have.implied.detail : want.detail !== have.detail
}

/** What a parent table hands down is nobody's loss but the parent's; only a table that is still to be tied must have some of it before. */
function comesWithParent(object: CatalogObject, have: Catalog): boolean {
  const { implied, parent } = object
  return implied !== undefined && !(implied.needed && have.objects.has(parent!) && !have.objects.has(implied.by))
}

/** It goes with the parent's, or with its table; what stays in a table that is cut off from its parent does not. */
function goesWithParent(object: CatalogObject, want: Catalog): boolean {
  const { implied, parent } = object
  return implied !== undefined && !(want.objects.has(parent!) && !want.objects.has(implied.by))
}

export const isSame = (drift: Drift): boolean => drift.missing.length + drift.extra.length + drift.changed.length === 0

/** One line per difference: `missing table np_users`. For the proof's message and for tests. */
export const driftLines = (drift: Drift): string[] => [
  ...drift.missing.map(o => `missing ${o.kind} ${o.key}: ${o.detail}`),
  ...drift.extra.map(o => `extra ${o.kind} ${o.key}: ${o.detail}`),
  ...drift.changed.map(c => `changed ${c.want.kind} ${c.want.key}: ${c.have.detail} -> ${c.want.detail}`),
]
