import type { Session } from "../../core/types.ts"
import { DONE, type Verdict } from "../../core/pool.ts"
import { isTransient } from "../../pg/patience.ts"
import { isLost } from "../../pg/pg-error.ts"
import { guardOf } from "../../pg/tenants/apply-tenant.ts"
import type { ManyOutcome } from "../../pg/tenants/apply-many.ts"
import type { Seat } from "../../pg/tenants/seat.ts"
import type { Ahead } from "./look-ahead.ts"
import type { ServerRun } from "./server-run.ts"
import type { Item } from "./visit.ts"
import { alikeOf, visitMany } from "./visit-many.ts"
import { failed, workOne } from "./work-one.ts"

/** How fast tenants are done here. */
export interface Pace {
  /** What one of late took a worker, in milliseconds; `null`: none is done yet. */
  eachMs: number | null
  /** Each on its own: something in the files, or in the sessions, does not go another way. */
  alone: boolean
}

/** What the workers of a server share. */
export interface Hand {
  readonly ahead: Ahead
  readonly pace: Pace
}

/** Given back, as not tried. */
const BACK: Verdict = { kind: "again", afterMs: 0 }

/**
 * Works on tenants in their order: on those that are alike in one message, on the others, and on whoever stops a message, one by one. Only the latter says
 * what is wrong with a tenant, so both ways have the same ends.
 */
export async function workAll(run: ServerRun, hand: Hand, chair: Seat, items: readonly Item[]): Promise<readonly Verdict[]> {
  const verdicts: Verdict[] = []
  while (verdicts.length < items.length) {
    const many = hand.pace.alone || run.server.dead ? NONE : await workMany(run, hand, chair, items.slice(verdicts.length))
    for (let n = 0; n < many.done; n++) verdicts.push(DONE)
    if (verdicts.length === items.length) break
    if (run.stopped()) return [...verdicts, ...items.slice(verdicts.length).map(() => BACK)]
    if (many.end === "all") continue
    const item = items[verdicts.length]!
    const verdict = many.verdict ?? (await timed(hand.pace, () => next(run, hand, chair, item)))
    if (many.end === "odd" && verdict.kind === "done" && item.changed) hand.pace.alone = true
    verdicts.push(verdict)
  }
  return verdicts
}

function next(run: ServerRun, { ahead }: Hand, chair: Seat, item: Item): Promise<Verdict> {
  ahead.begin([item])
  return workOne({ ...run, visiting: { ...run.visiting, changed: ahead.look } }, chair, item)
}

/** How many tenants at the head of a list are done; `all`: whoever is left was not asked for; `odd`: the next one failed with something that may be due to the message. */
interface Many {
  readonly done: number
  readonly end: "all" | "usual" | "odd"
  /** What became of the next one, where that is known. */
  readonly verdict?: Verdict
}

const NONE: Many = { done: 0, end: "usual" }

async function workMany(run: ServerRun, { ahead, pace }: Hand, chair: Seat, items: readonly Item[]): Promise<Many> {
  const alike = await alikeOf(run.visiting, items)
  if (!alike) return NONE
  const session = await enter(run, chair, alike.items)
  if (!session) return NONE
  const started = performance.now()
  ahead.begin(alike.items)
  const outcome = await visitMany(run.visiting, session, alike, item => run.settle(item, "applied"))
  const { done } = outcome
  if (done > 0) paced(pace, (performance.now() - started) / done)
  const left = alike.items.slice(done)
  ahead.back(left)
  if (left.length === 0) return { done, end: "all" }
  if (outcome.error === null) pace.alone = true // these sessions do nothing in this way
  return { done, ...(await readied(run, ahead, chair, session, left, outcome)) }
}

/** The session for these tenants; `null`: whoever goes there for one tenant is told why there is none. */
async function enter(run: ServerRun, chair: Seat, items: readonly Item[]): Promise<Session | null> {
  const { place } = items[0]!
  try {
    const session = await chair.at(place, items.length)
    run.server.downSince = null
    if (!place.home) await run.enter(session, items[0]!)
    return session
  } catch {
    return null
  }
}

/** Makes ready for the first of these tenants, at which the message ended. */
async function readied(run: ServerRun, ahead: Ahead, chair: Seat, session: Session, left: readonly Item[], { doubt, error }: ManyOutcome): Promise<Omit<Many, "done">> {
  const [item] = left as readonly [Item, ...Item[]]
  if (doubt) for (const one of left) Object.assign(one, { doubt, state: null }) // what is done of it, only the ledgers know
  if (isLost(error)) {
    await chair.leave()
    item.losses += 1
  } else if (guardOf(error) === "changed") {
    item.state = null
    await ahead.look(session, item).catch(() => {}) // whoever goes there next is told why it fails
  } else if (isTransient(error) && !run.stopped()) { // it has waited for the lock already
    item.tries += 1
    return { end: "usual", verdict: await failed(run, chair, session, item, error) }
  } else if (error !== null && !guardOf(error) && !run.stopped()) return { end: "odd" }
  return { end: "usual" }
}

async function timed<T>(pace: Pace, work: () => Promise<T>): Promise<T> {
  const started = performance.now()
  return work().finally(() => paced(pace, performance.now() - started))
}

const paced = (pace: Pace, ms: number): void => void (pace.eachMs = pace.eachMs === null ? ms : (pace.eachMs + ms) / 2)
