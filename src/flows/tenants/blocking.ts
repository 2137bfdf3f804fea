import type { Migration } from "../../core/types.ts"
import { concurrently, plainIndexes, whereOf, type BlockingIndex } from "../runner/blocking.ts"
import type { Planned } from "./pending.ts"
import { orUnreached, visiting } from "./places.ts"

/** The plain CREATE INDEX statements that would hold up the writers of a big table at some tenant. One question per statement and database, and none where there is no such statement. */
export async function tenantBlocking(pending: readonly Migration[], planned: readonly Planned[]): Promise<readonly BlockingIndex[]> {
  const plain = (await Promise.all(pending.map(async migration => (await plainIndexes(migration.up)).map(one => ({ ...one, migration }))))).flat().filter(one => !one.table.schema)
  if (plain.length === 0) return []
  const { bigTablesIn } = await import("../../pg/big-tables.ts")
  const places = [...Map.groupBy(planned, one => one.item.place)]
  const found = await Promise.all(plain.map(async ({ file, statement, table, migration }) => {
    const big = (await Promise.all(places.map(([place, group]) => visiting(place, async session => {
      const slugs = new Map(group.filter(one => one.steps.includes(migration)).map(({ item: { tenant } }) => [tenant.schema, tenant.slug]))
      return (await bigTablesIn(session, [...slugs.keys()], table.name)).map(({ schema, rows }) => ({ slug: slugs.get(schema)!, rows }))
    }).catch(orUnreached(place))))).flatMap(one => one ?? []).toSorted((a, b) => b.rows - a.rows)
    if (big.length === 0) return []
    const others = big.length === 1 ? "" : ` and ${big.length - 1} other${big.length === 2 ? "" : "s"}`
    return [{ where: whereOf(file, statement), table: `${table.name} of tenant ${big[0]!.slug}${others}`, rows: big[0]!.rows, instead: concurrently(statement.text) }]
  }))
  return found.flat()
}
