/** What became of an item: done with, or to be taken again after a pause; `fewer`: the place is full, so one worker less. */
export type Verdict = { readonly kind: "done" } | { readonly kind: "again"; readonly afterMs: number; readonly fewer?: boolean }

export const DONE: Verdict = { kind: "done" }

/** The clock of a pool; a test brings its own. Milliseconds. */
export interface Clock {
  readonly now: () => number
  readonly sleep: (ms: number) => Promise<void>
}

interface Places<I> extends Clock {
  readonly items: readonly I[]
  /** Workers at most. */
  readonly width: number
  /** The worker who had better take an item, counted from 0; the others take it when they have none of their own. Left out: whoever is free. */
  readonly shareOf?: (item: I) => number
  /** Called when a worker has nothing left to do. */
  readonly leave?: (worker: number) => void
  /** Asked before each item; the items that are left are given back. */
  readonly stopped: () => boolean
}

export interface PoolRun<I> extends Places<I> {
  /** Works on one item; `worker` counts from 0, and one worker takes one item at a time. It returns its failures, it must not throw. */
  readonly work: (item: I, worker: number) => Promise<Verdict>
}

export interface BatchPoolRun<I> extends Places<I> {
  /** How many items a worker takes at once, where `left` of them are not begun, by anybody. What is taken again comes alone. */
  readonly atOnce: (left: number) => number
  /** Works on some items; gives what became of each, in their order. */
  readonly work: (items: readonly I[], worker: number) => Promise<readonly Verdict[]>
}

/** A waiting worker looks again at least this often. Milliseconds. */
const LOOK = 50

interface Queue<I> {
  readonly items: readonly I[]
  next: number
}

const left = <I>(queue: Queue<I>): number => queue.items.length - queue.next

/** One per worker; without shares all items are in the first one. */
function queuesOf<I>(items: readonly I[], workers: number, shareOf: ((item: I) => number) | undefined): readonly Queue<I>[] {
  const byWorker = Map.groupBy(items, item => (shareOf ? shareOf(item) % Math.max(1, workers) : 0))
  return Array.from({ length: workers }, (_, id) => ({ items: byWorker.get(id) ?? [], next: 0 }))
}

interface Waiting<I> {
  readonly item: I
  readonly from: number
}

/**
 * Runs `work` over `items` in their order, at most `width` at a time. An item that is to be taken again goes to the end and is left
 * alone until its pause is over; nobody else waits for it.
 *
 * @returns the items that were not done when `stopped` said so; empty otherwise
 */
export function pool<I>(run: PoolRun<I>): Promise<readonly I[]> {
  return batchPool({ ...run, atOnce: () => 1, work: async ([item], worker) => [await run.work(item!, worker)] })
}

/** The same, several items of a worker's share at once. */
export async function batchPool<I>(run: BatchPoolRun<I>): Promise<readonly I[]> {
  let waiting: Waiting<I>[] = []
  let workers = Math.min(run.width, run.items.length)
  const queues = queuesOf(run.items, workers, run.shareOf)
  const take = (id: number): readonly I[] => {
    const queue = left(queues[id]!) > 0 ? queues[id]! : queues.reduce((most, one) => (left(one) > left(most) ? one : most))
    if (left(queue) > 0) {
      const items = queue.items.slice(queue.next, queue.next + run.atOnce(queues.reduce((sum, one) => sum + left(one), 0)))
      queue.next += items.length
      return items
    }
    const now = run.now()
    const ready = waiting.find(one => one.from <= now)
    if (ready) waiting = waiting.filter(one => one !== ready)
    return ready ? [ready.item] : []
  }
  const worker = async (id: number): Promise<void> => {
    try {
      while (!run.stopped()) {
        const items = take(id)
        if (items.length > 0) {
          const verdicts = await run.work(items, id)
          for (const [i, verdict] of verdicts.entries()) if (verdict.kind === "again") waiting.push({ item: items[i]!, from: run.now() + verdict.afterMs })
          if (workers > 1 && verdicts.some(verdict => verdict.kind === "again" && verdict.fewer)) return
        } else if (waiting.length === 0) return
        else await run.sleep(Math.max(1, Math.min(LOOK, ...waiting.map(one => one.from - run.now()))))
      }
    } finally {
      workers -= 1
      run.leave?.(id)
    }
  }
  await Promise.all(Array.from({ length: workers }, (_, id) => worker(id)))
  return [...queues.flatMap(queue => queue.items.slice(queue.next)), ...waiting.map(one => one.item)]
}
