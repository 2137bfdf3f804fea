import { digestOf } from "../../core/ledger-digest.ts"
import { DONE, pool } from "../../core/pool.ts"
import { versionOf } from "../../core/plan.ts"
import type { Applied, Session } from "../../core/types.ts"
import { fleetLedgers, ledgersOf } from "../../pg/tenants/fleet.ts"
import { VISITS } from "../../pg/tenants/seat.ts"
import type { Fleet } from "./fleet.ts"
import { ledgerIn } from "./ledger-in.ts"
import type { Place } from "./places.ts"
import type { Item } from "./visit.ts"

/** Databases asked at once. */
const DATABASES = 8

/** Sessions that one database's ledgers are read over, side by side. One question each: with those for the list, at most five. */
const SESSIONS = 3
/** Ledgers that a session may have read and still be kept for the visits: 10 kB of the server's memory each, so 40 MB. Whoever visits with another one reads them again. */
const READ = 2 * VISITS
/** The least tenants that are worth another session. */
const SHARE = 100

/**
 * Where each tenant is, in a few questions per database however many tenants it holds. What is not the ledger of a known set of files is
 * fetched once per distinct one and put into the book. A database with one tenant is not asked here, because whoever visits it asks then,
 * unless `every` says so.
 */
export async function overview(fleet: Fleet, book: Map<string, readonly Applied[]>, { every = false, sessions = SESSIONS } = {}): Promise<readonly Item[]> {
  const items = fleet.tenants.map(tenant => itemOf(tenant, fleet.placeOf(tenant)))
  const groups = [...Map.groupBy(items, item => item.place)].filter(([place, group]) => every || place.home || group.length > 1)
  const failed: unknown[] = []
  await pool({
    items: groups, width: DATABASES, now: () => performance.now(), sleep: ms => Bun.sleep(ms), stopped: () => failed.length > 0,
    work: async ([place, group]) => {
      await read(place, group, book, sessions).catch((error: unknown) => {
        if (place.home) failed.push(error)
        for (const item of group) item.trouble = error instanceof Error ? error.message : String(error)
      })
      return DONE
    },
  })
  if (failed.length > 0) throw failed[0]
  return items
}

/** Opens what `overview` is going to ask for, but for the session that there is already, while something else is asked. */
export function prepareOverview(fleet: Fleet, sessions = SESSIONS): void {
  for (const [place, tenants] of Map.groupBy(fleet.tenants, tenant => fleet.placeOf(tenant))) if (place.home) place.warm(sessionsFor(place, tenants.length, sessions) - 1)
}

const sessionsFor = (place: Place, tenants: number, most: number): number => (place.embedded ? 1 : Math.min(most, Math.ceil(tenants / SHARE)))

function itemOf(tenant: Item["tenant"], place: Place): Item {
  return { tenant, place, state: null, reader: 0, refusal: null, trouble: null, from: null, to: null, goal: null, spent: 0, changed: false, doubt: false, losses: 0, tries: 0, waitingSince: null }
}

async function read(place: Place, items: readonly Item[], book: Map<string, readonly Applied[]>, most: number): Promise<void> {
  const sessions = await openUpTo(place, sessionsFor(place, items.length, most))
  const shares = sessions.map((_, n) => items.slice(Math.floor((n * items.length) / sessions.length), Math.floor(((n + 1) * items.length) / sessions.length)))
  try {
    await Promise.all(shares.map(async (share, n) => {
      const states = await fleetLedgers(sessions[n]!, [...new Set(share.map(item => item.tenant.schema))])
      for (const item of share) Object.assign(item, { state: states.get(item.tenant.schema) ?? null, reader: n })
    }))
    const odds = odd(items, book).map(item => item.tenant.schema)
    for (const rows of (await ledgersOf(sessions[0]!, odds)).values()) book.set(digestOf(rows), rows)
  } catch (error) {
    await Promise.all(sessions.map(one => one.close()))
    throw error
  }
  // the first one is to be given out first again; one that has seen very many tables is large, and done with
  for (const [n, session] of [...sessions.entries()].toReversed()) await (shares[n]!.length <= READ ? place.keep(session) : session.close())
  for (const item of items) item.from = item.to = versionIn(item, book)
}

/** Sessions, fewer where the server has no more to give. Throws where it has none. */
async function openUpTo(place: Place, most: number): Promise<readonly Session[]> {
  const first = await place.session()
  const others = await Promise.allSettled(Array.from({ length: most - 1 }, () => place.session()))
  return [first, ...others.flatMap(one => (one.status === "fulfilled" ? [one.value] : []))]
}

/** One tenant of each ledger that no book knows yet. */
function odd(items: readonly Item[], book: ReadonlyMap<string, readonly Applied[]>): readonly Item[] {
  const unknown = new Map<string, Item>()
  for (const item of items) if (item.state?.kind === "digest" && !book.has(item.state.digest)) unknown.set(item.state.digest, item)
  return [...unknown.values()]
}

function versionIn(item: Item, book: ReadonlyMap<string, readonly Applied[]>): number | null {
  const rows = ledgerIn(item, book)
  return rows ? versionOf(rows) : null
}
