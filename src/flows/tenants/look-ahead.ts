import type { Session } from "../../core/types.ts"
import { fleetLedgers } from "../../pg/tenants/fleet.ts"
import type { Item } from "./visit.ts"

/** Tenants whose ledgers are read again when another process turns out to be at work: a visit to one that is done costs more than a look. */
const AHEAD = 200

/** Which tenants are worked on, and a look at the ledgers of those that come next. */
export interface Ahead {
  readonly begin: (items: readonly Item[]) => void
  /** These were not begun after all. */
  readonly back: (items: readonly Item[]) => void
  /** Reads the ledgers behind `item`, but of those that somebody works on. */
  readonly look: (session: Session, item: Item) => Promise<void>
}

/** @param items  all of a run, in their order */
export function lookAhead(items: readonly Item[]): Ahead {
  const place = new Map(items.map((item, i) => [item, i]))
  const begun = new Set<Item>()
  return {
    begin: some => some.forEach(item => begun.add(item)),
    back: some => some.forEach(item => begun.delete(item)),
    look: async (session, item) => {
      const next = items.slice(place.get(item)! + 1, place.get(item)! + 1 + AHEAD).filter(one => !begun.has(one) && one.place === item.place)
      const states = await fleetLedgers(session, next.map(one => one.tenant.schema))
      for (const one of next) if (!begun.has(one)) one.state = states.get(one.tenant.schema) ?? null
    },
  }
}
