import { casesOf, type Case } from "./check.ts"
import { hintsOf, type Hints } from "./hints.ts"
import type { MockTable } from "./table.ts"

/** One way to meet all checks of a table at once. */
export type Variant = ReadonlyMap<string, Hints>

/** More ways than this are not told apart. */
const MOST = 8

/** The ways to meet a table's checks, and its partitions' bounds, together; one way that says nothing where the checks seem to contradict each other. */
export async function variantsOf({ checks, partitions }: Pick<MockTable, "checks" | "partitions">): Promise<readonly Variant[]> {
  const bounds = partitions.length === 0 ? [] : [(await Promise.all(partitions.map(expression => casesOf({ expression })))).flat()]
  const all = [...bounds, ...(await Promise.all(checks.map(casesOf)))]
  let ways: { readonly facts: Case; readonly hints: Variant }[] = [{ facts: [], hints: new Map() }]
  for (const cases of all) {
    const next = ways.flatMap(way => cases.flatMap(more => {
      const facts = [...way.facts, ...more]
      const hints = hintsOf(facts)
      return hints ? [{ facts, hints }] : []
    }))
    if (next.length > 0) ways = spread(next)
  }
  return ways.map(way => way.hints)
}

/** Some of many, from all over the list: the ways of the first check would otherwise be all that is left. */
function spread<T>(list: readonly T[]): T[] {
  return list.length <= MOST ? [...list] : Array.from({ length: MOST }, (_, i) => list[Math.floor((i * list.length) / MOST)]!)
}
