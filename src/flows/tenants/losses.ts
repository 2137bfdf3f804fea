import { lossesIn, type Loss } from "../../core/losses.ts"
import { someOf } from "../../core/tenant.ts"
import type { Migration } from "../../core/types.ts"
import type { CountedLoss } from "../../pg/count-losses.ts"
import { orUnreached, visiting } from "./places.ts"
import type { Planned } from "./pending.ts"

/** One thing that a roll-back takes away, over all tenants that it runs at. */
export interface TenantLoss extends CountedLoss {
  /** Tenants that have any of it, those with the most first. */
  readonly tenants: readonly { readonly slug: string; readonly count: number }[]
}

/** What the down files would take away at each tenant, counted in its own schema and summed up; one session per database. */
export async function tenantLosses(planned: readonly Planned[]): Promise<readonly TenantLoss[]> {
  const { countLosses } = await import("../../pg/count-losses.ts")
  const lossesOf = remembered()
  const found = new Map<string, { loss: CountedLoss; tenants: { slug: string; count: number }[] }>()
  const add = (slug: string, loss: CountedLoss): void => {
    const known = found.get(loss.what) ?? { loss: { ...loss, count: 0, estimated: false }, tenants: [] }
    found.set(loss.what, { loss: { ...known.loss, count: known.loss.count + loss.count, estimated: known.loss.estimated || loss.estimated }, tenants: known.tenants })
    if (loss.count > 0) known.tenants.push({ slug, count: loss.count })
  }
  await Promise.all([...Map.groupBy(planned, one => one.item.place)].map(([place, group]) => visiting(place, async session => {
    for (const { item: { tenant }, steps } of group) {
      for (const loss of await countLosses(session, tenant.schema, await lossesOf(steps))) add(tenant.slug, loss)
    }
  }).catch(orUnreached(place))))
  return [...found.values()].map(({ loss, tenants }) => ({ ...loss, tenants: tenants.toSorted((a, b) => b.count - a.count) }))
}

/** Most tenants have the same steps, which are one value. */
function remembered(): (steps: readonly Migration[]) => Promise<readonly Loss[]> {
  const known = new Map<readonly Migration[], Promise<readonly Loss[]>>()
  return steps => {
    const losses = known.get(steps) ?? Promise.all(steps.map(({ down }) => lossesIn(down!.text))).then(all => all.flat())
    known.set(steps, losses)
    return losses
  }
}

/** One line each: `table docs: 1,204 rows at 12 tenants, most at acme (900), globex (80)`. */
export function tenantLossLines(losses: readonly TenantLoss[]): readonly string[] {
  return losses.map(({ what, count, estimated, unit, tenants }) => {
    const sum = `  ${what}: ${estimated ? "about " : ""}${count.toLocaleString("en")} ${unit}${count === 1 ? "" : "s"}`
    if (tenants.length === 0) return sum
    const names = tenants.slice(0, 3).map(one => `${one.slug} (${one.count.toLocaleString("en")})`)
    return `${sum} at ${tenants.length} tenant${tenants.length === 1 ? "" : "s"}${tenants.length > 3 ? ", most" : ""}: ${someOf(names, 3)}`
  })
}
