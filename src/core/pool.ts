/** What became of an item: done with, or to be taken again after a pause; `fewer`: the place is full, so one worker less. */
export type Verdict = { readonly kind: "done" } | { readonly kind: "again"; readonly afterMs: number; readonly fewer?: boolean }

export const DONE: Verdict = { kind: "done" }

/** The clock of a pool; a test brings its own. Milliseconds. */
export interface Clock {
  readonly now: () => number
  readonly sleep: (ms: number) => Promise<void>
}

export interface PoolRun<I> extends Clock {
  readonly items: readonly I[]
  /** Workers at most. */
  readonly width: number
  /** The worker who had better take an item, counted from 0; the others take it when they have none of their own. Left out: whoever is free. */
  readonly shareOf?: (item: I) => number
  /** Works on one item; `worker` counts from 0, and one worker takes one item at a time. It returns its failures, it must not throw. */
  readonly work: (item: I, worker: number) => Promise<Verdict>
  /** Called when a worker has nothing left to do. */
  readonly leave?: (worker: number) => void
  /** Asked before each item; the items that are left are given back. */
  readonly stopped: () => boolean
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
export async function pool<I>(run: PoolRun<I>): Promise<readonly I[]> {
  let waiting: Waiting<I>[] = []
  let workers = Math.min(run.width, run.items.length)
  const queues = queuesOf(run.items, workers, run.shareOf)
  const take = (id: number): I | null => {
    const queue = left(queues[id]!) > 0 ? queues[id]! : queues.reduce((most, one) => (left(one) > left(most) ? one : most))
    if (left(queue) > 0) return queue.items[queue.next++]!
    const now = run.now()
    const ready = waiting.find(one => one.from <= now)
    if (ready) waiting = waiting.filter(one => one !== ready)
    return ready?.item ?? null
  }
  const worker = async (id: number): Promise<void> => {
    try {
      while (!run.stopped()) {
        const item = take(id)
        if (item !== null) {
          const verdict = await run.work(item, id)
          if (verdict.kind === "done") continue
          waiting.push({ item, from: run.now() + verdict.afterMs })
          if (verdict.fewer && workers > 1) return
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
