import { Fault } from "../../core/fault.ts"
import type { Applied, Session } from "../../core/types.ts"
import { applyMany, type ManyOutcome } from "../../pg/tenants/apply-many.ts"
import { ledgerIn } from "./ledger-in.ts"
import type { Group } from "./prepare.ts"
import { after, factsOf, groupOf, workAt, type Item, type Visiting } from "./visit.ts"

/** Tenants of one database that have the same ledger, and what brings each of them to its goal in one transaction. */
export interface Alike {
  readonly items: readonly Item[]
  readonly rows: readonly Applied[]
  readonly group: Group
  readonly goal: number | null
}

type Way = Omit<Alike, "items">

/** The tenants at the head of a list that are alike; `null`: the first one is like no other, or is to be visited on its own. */
export async function alikeOf(run: Visiting, items: readonly Item[]): Promise<Alike | null> {
  const first = items[0]
  const way = first ? await wayOf(run, first) : null
  if (!first || !way) return null
  const other = items.findIndex(item => item.place !== first.place || !mayShare(run, item) || ledgerIn(item, run.book) !== way.rows)
  const alike = other < 0 ? items : items.slice(0, other)
  return alike.length < 2 ? null : { items: alike, ...way }
}

/** A time limit for statements would be one for the whole message; the embedded database costs nothing to ask. */
function mayShare({ prelude, limits, extensionSchema }: Visiting, { tenant, place, refusal, doubt, tries }: Item): boolean {
  return refusal === null && !doubt && tries === 0 && !place.embedded && tenant.schema !== extensionSchema && prelude === undefined && limits?.statementTimeoutMs === undefined
}

async function wayOf(run: Visiting, item: Item): Promise<Way | null> {
  const rows = mayShare(run, item) ? ledgerIn(item, run.book) : null
  if (!rows) return null
  try {
    const goal = run.planner.goal(rows)
    const steps = run.planner.steps(rows, goal)
    if (steps.length === 0) return null
    const group = await groupOf(run, steps)
    return group.how === "together" && !group.leaves && group.files.length === steps.length ? { rows, group, goal } : null
  } catch (error) {
    if (error instanceof Fault) return null // for whoever visits it on its own to tell
    throw error
  }
}

/**
 * Brings tenants that are alike to their goal, each in a transaction of its own, in one message.
 *
 * @param done  called for each that is there, in their order
 */
export async function visitMany(run: Visiting, session: Session, { items, rows, group, goal }: Alike, done: (item: Item) => void): Promise<ManyOutcome> {
  const [first] = items as readonly [Item, ...Item[]]
  const { version } = factsOf(rows)
  for (const item of items) {
    item.from ??= version
    item.goal ??= goal
  }
  const waiting = items.values()
  const arrived = (ms: number): void => {
    const item = waiting.next().value!
    item.spent += ms
    item.state = after(run, rows, group)
    item.to = factsOf(ledgerIn(item, run.book)!).version
    item.changed = true
    done(item)
  }
  let heard = 0
  const started = performance.now()
  const outcome = await applyMany(session, workAt(run, session, first, rows, group), items.map(item => item.tenant.schema), run.extensionSchema, took => {
    heard += took.length
    took.forEach(arrived)
  })
  const unheard = outcome.done - heard
  for (let n = 0; n < unheard; n++) arrived((performance.now() - started) / outcome.done)
  return outcome
}
