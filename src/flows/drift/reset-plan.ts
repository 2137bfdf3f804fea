import type { Catalog, CatalogObject, ObjectId } from "../../core/catalog.ts"
import { Fault } from "../../core/fault.ts"
import { partOf } from "../../core/part.ts"
import { bearerOf, rootOf } from "../../core/prune.ts"
import { ddl } from "../../kinds/ddl.ts"

export interface ResetPlan {
  /** Drops without CASCADE, in an order that works. */
  readonly statements: readonly string[]
  /** What goes, tables and the like; what hangs on them goes along. */
  readonly dropped: readonly string[]
  /** What no migration made and stays. */
  readonly kept: readonly string[]
}

/**
 * What the migrations made, and nothing else: the objects of the history that the database still has, with what hangs on them.
 * Throws `refused` where something that no migration made stands on one of them; PostgreSQL would drop it along.
 */
export function resetPlan(history: Catalog, live: Catalog): ResetPlan {
  const goes = going(history, live)
  const rest = partOf(live, id => !goes.has(id))
  refuseForeign(live, goes)
  const heads = (keep: boolean): string[] => [...live.objects.values()].filter(object => goes.has(object.id) !== keep && rootOf(live, object).id === object.id && object.kind !== "comment").map(object => `${object.kind} ${object.key}`)
  return { statements: ddl(rest, live), dropped: heads(false).toSorted(), kept: heads(true).toSorted() }
}

function going(history: Catalog, live: Catalog): ReadonlySet<ObjectId> {
  const goes = new Set<ObjectId>()
  const decided = new Map<ObjectId, boolean>()
  const decide = (object: CatalogObject): boolean => {
    const known = decided.get(object.id)
    if (known !== undefined) return known
    decided.set(object.id, history.objects.has(object.id))
    const bearer = bearerOf(live, object)
    const above = bearer === null ? undefined : live.objects.get(bearer)
    const result = history.objects.has(object.id) || (above !== undefined && decide(above))
    decided.set(object.id, result)
    return result
  }
  for (const object of live.objects.values()) if (decide(object)) goes.add(object.id)
  return goes
}

function refuseForeign(live: Catalog, goes: ReadonlySet<ObjectId>): void {
  const foreign = [...live.needs].filter(([id]) => !goes.has(id)).flatMap(([id, needs]) => needs.filter(need => goes.has(need)).map(need => ({ who: live.objects.get(id)!, whom: live.objects.get(need)! })))
  if (foreign.length === 0) return
  const lines = [...new Set(foreign.map(({ who, whom }) => `  ${who.kind} ${who.key} needs ${whom.kind} ${whom.key}`))].toSorted()
  throw new Fault("refused", `something that no migration made stands on what would be dropped; nothing was changed:\n${lines.join("\n")}`, "drop or move these by hand first, or write a migration that makes them: nself db migrate generate --from-db --name <name>")
}
