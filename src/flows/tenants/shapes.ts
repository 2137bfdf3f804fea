import { availableParallelism } from "node:os"
import { knownLedgers } from "../../core/ledger-digest.ts"
import type { Tenant } from "../../core/tenant.ts"
import type { Applied, Migration } from "../../core/types.ts"
import { VISITS } from "../../pg/tenants/seat.ts"
import { fingerprints } from "../../pg/tenants/shapes.ts"
import type { Fleet } from "./fleet.ts"
import { overview } from "./overview.ts"
import { visiting, type Place } from "./places.ts"
import type { Item } from "./visit.ts"

/** Tenants whose schemas hold the same objects and whose ledgers have the same rows. */
export interface TenantShape {
  readonly print: string
  /** The rows of their ledgers; `null`: there is none, or it could not be read. */
  readonly ledger: readonly Applied[] | null
  readonly tenants: readonly Tenant[]
  readonly place: Place
}

/** All shapes, the most frequent first, and the tenants that could not be looked at. */
export interface Shapes {
  readonly shapes: readonly TenantShape[]
  readonly missing: readonly { readonly slug: string; readonly why: string }[]
}

/** Looks at the schemas of these tenants, many in one statement. */
export async function shapesOf(fleet: Fleet, tenants: readonly Tenant[], files: readonly Migration[] = []): Promise<Shapes> {
  const book = new Map(knownLedgers(files))
  const items = await overview({ ...fleet, tenants }, book, { every: true })
  const groups = new Map<string, { print: string; ledger: readonly Applied[] | null; tenants: Tenant[]; place: Place }>()
  const missing: { slug: string; why: string }[] = []
  for (const [place, group] of Map.groupBy(items, item => item.place)) {
    const prints = await printsAt(place, group).catch((error: unknown) => (error instanceof Error ? error.message : String(error)))
    for (const item of group) {
      const print = typeof prints === "string" ? undefined : prints.get(item.tenant.schema)
      if (print === undefined) {
        missing.push({ slug: item.tenant.slug, why: typeof prints === "string" ? prints : `schema ${item.tenant.schema} does not exist` })
        continue
      }
      const ledger = item.state?.kind === "digest" ? (book.get(item.state.digest) ?? null) : null
      const key = `${print} ${item.state?.kind === "digest" ? item.state.digest : "none"}`
      const known = groups.get(key) ?? { print, ledger, tenants: [], place }
      known.tenants.push(item.tenant)
      groups.set(key, known)
    }
  }
  return { shapes: [...groups.values()].toSorted((a, b) => b.tenants.length - a.tenants.length), missing }
}

/** Where there are more tenants, several connections look at them: as many as this machine has cores, because the server is busy all the time, or 4 to another one. */
const MANY = 500
const width = ({ local, embedded }: Place, tenants: number): number => (tenants <= MANY || embedded ? 1 : local ? Math.min(4, availableParallelism()) : 4)

async function printsAt(place: Place, items: readonly Item[]): Promise<ReadonlyMap<string, string>> {
  const schemas = items.map(item => item.tenant.schema)
  const sessions = width(place, schemas.length)
  const rounds = Math.ceil(schemas.length / (sessions * VISITS))
  const shares = Array.from({ length: rounds * sessions }, (_, n) => schemas.filter((_, i) => i % (rounds * sessions) === n))
  const prints = await Promise.all(Array.from({ length: sessions }, async (_, n) => {
    const found: (readonly [string, string])[] = []
    for (let round = 0; round < rounds; round++) found.push(...await visiting(place, session => fingerprints(session, shares[round * sessions + n]!), rounds === 1))
    return found
  }))
  return new Map(prints.flat())
}
