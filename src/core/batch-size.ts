/** What a worker should have begun by itself before it is asked again: long enough that the asking is nothing, short enough that it is soon heard. Milliseconds. */
const STRETCH = 100

/** Items in one batch at most. */
const MOST = 16

/**
 * How many items a worker takes at once: what it does in a tenth of a second, and ever fewer towards the end, so that all workers come to it together.
 *
 * @param left     items that nobody has begun
 * @param workers  those who share them
 * @param eachMs   what one item takes a worker; `null`: not known yet
 */
export function batchSize(left: number, workers: number, eachMs: number | null): number {
  if (eachMs === null) return 1
  return Math.max(1, Math.min(MOST, Math.floor(STRETCH / Math.max(1, eachMs)), Math.floor(left / (2 * Math.max(1, workers)))))
}
