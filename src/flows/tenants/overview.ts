import { digestOf, type LedgerState } from "../../core/ledger-digest.ts"
import { DONE, pool } from "../../core/pool.ts"
import { versionOf } from "../../core/plan.ts"
import type { Applied } from "../../core/types.ts"
import { fleetLedgers, ledgersOf } from "../../pg/tenants/fleet.ts"
import type { Fleet } from "./fleet.ts"
import { visiting, type Place } from "./places.ts"
import type { Item } from "./visit.ts"

/** Databases asked at once. */
const DATABASES = 8

/** Sessions that one database's ledgers are read over, side by side, and the least that is worth one. One question each: with those for the list, at most five. */
const SESSIONS = 3
const SHARE = 200

/**
 * Where each tenant is, in a few questions per database however many tenants it holds. What is not the ledger of a known set of files is
 * fetched once per distinct one and put into the book. A database with one tenant is not asked here, because whoever visits it asks then,
 * unless `every` says so.
 */
export async function overview(fleet: Fleet, book: Map<string, readonly Applied[]>, every = false): Promise<readonly Item[]> {
  const items = fleet.tenants.map(tenant => itemOf(tenant, fleet.placeOf(tenant)))
  const groups = [...Map.groupBy(items, item => item.place)].filter(([place, group]) => every || place.home || group.length > 1)
  const failed: unknown[] = []
  await pool({
    items: groups, width: DATABASES, now: () => performance.now(), sleep: ms => Bun.sleep(ms), stopped: () => failed.length > 0,
    work: async ([place, group]) => {
      await read(place, group, book).catch((error: unknown) => {
        if (place.home) failed.push(error)
        for (const item of group) item.trouble = error instanceof Error ? error.message : String(error)
      })
      return DONE
    },
  })
  if (failed.length > 0) throw failed[0]
  return items
}

function itemOf(tenant: Item["tenant"], place: Place): Item {
  return { tenant, place, state: null, refusal: null, trouble: null, from: null, to: null, goal: null, spent: 0, changed: false, doubt: false, losses: 0, tries: 0, waitingSince: null }
}

async function read(place: Place, items: readonly Item[], book: Map<string, readonly Applied[]>): Promise<void> {
  const schemas = [...new Set(items.map(item => item.tenant.schema))]
  const width = place.embedded ? 1 : Math.min(SESSIONS, Math.ceil(schemas.length / SHARE))
  const shares = Array.from({ length: width }, (_, n) => schemas.slice(Math.floor((n * schemas.length) / width), Math.floor(((n + 1) * schemas.length) / width)))
  const found = await Promise.all(shares.map(share => visiting(place, session => fleetLedgers(session, share))))
  const states = new Map(found.flatMap(one => [...one]))
  for (const item of items) item.state = states.get(item.tenant.schema) ?? null
  const odds = odd(items, book).map(item => item.tenant.schema)
  if (odds.length > 0) for (const rows of (await visiting(place, session => ledgersOf(session, odds))).values()) book.set(digestOf(rows), rows)
  for (const item of items) item.from = item.to = versionIn(item.state, book)
}

/** One tenant of each ledger that no book knows yet. */
function odd(items: readonly Item[], book: ReadonlyMap<string, readonly Applied[]>): readonly Item[] {
  const unknown = new Map<string, Item>()
  for (const item of items) if (item.state?.kind === "digest" && !book.has(item.state.digest)) unknown.set(item.state.digest, item)
  return [...unknown.values()]
}

function versionIn(state: LedgerState | null, book: ReadonlyMap<string, readonly Applied[]>): number | null {
  if (state?.kind === "none") return 0
  const rows = state?.kind === "digest" ? book.get(state.digest) : undefined
  return rows ? versionOf(rows) : null
}
