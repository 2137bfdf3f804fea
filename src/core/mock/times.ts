import { has, type Task } from "./maker.ts"
import { below, chance, fraction, subKey } from "./random.ts"

export const DAY = 86_400_000
/** Rows came to be in these years; the clock has no part in it, or no two runs were alike. Milliseconds since 1970. */
const FIRST = Date.UTC(2023, 0, 1)
const YEARS = 3 * 365 * DAY

/** A moment in milliseconds since 1970; `null`: it has not come. */
export type MomentMaker = (row: number) => number | null

/** When a row was made: the anchor of all its other times. Whole seconds. */
export function created(rowKey: number, row: number): number {
  return FIRST + Math.floor(fraction(rowKey, row) * (YEARS / 1000)) * 1000
}

/** When it was changed last: never before it was made. */
function updated(rowKey: number, row: number): number {
  const key = subKey(rowKey, 1)
  return created(rowKey, row) + (chance(35, key, row) ? 0 : below(60 * DAY / 1000, subKey(key, 1), row) * 1000)
}

const CREATED = ["created", "create", "inserted", "registered", "joined", "signup", "ordered", "placed", "opened", "added", "submitted"]
const UPDATED = ["updated", "update", "modified", "changed", "edited", "refreshed", "synced"]
const GONE = ["deleted", "delete", "archived", "removed", "cancelled", "canceled", "revoked", "banned", "suspended", "disabled", "deactivated", "failed", "rejected"]
const STARTS = ["start", "starts", "started", "begin", "begins", "began", "from", "since", "effective"]
const ENDS = ["end", "ends", "ended", "finish", "finished", "until", "to", "expires", "expire", "expired", "expiry", "expiration", "due", "deadline", "closes", "closed", "through"]
const BIRTH = ["birth", "birthday", "birthdate", "dob", "born"]

/** A moment that fits its column's name and the other times of its row. `step`: how far those that must differ are apart. */
export function momentMaker({ words, rowKey, key, unique }: Task, step: number): MomentMaker {
  if (unique) return row => FIRST + row * step
  if (has(words, ...BIRTH)) return row => Date.UTC(1950, 0, 1) + below(55 * 365, key, row) * DAY
  if (has(words, ...GONE)) return row => (chance(90, subKey(rowKey, 2), row) ? null : updated(rowKey, row) + below(90 * DAY / 1000, key, row) * 1000)
  if (has(words, ...UPDATED)) return row => updated(rowKey, row)
  if (has(words, ...STARTS)) return row => starts(rowKey, row)
  if (has(words, ...ENDS)) return row => starts(rowKey, row) + 3_600_000 + below(60 * DAY / 1000, subKey(rowKey, 4), row) * 1000
  if (has(words, ...CREATED)) return row => created(rowKey, row)
  return row => created(rowKey, row) + below(60 * DAY / 1000, key, row) * 1000
}

function starts(rowKey: number, row: number): number {
  return created(rowKey, row) + below(30 * DAY / 1000, subKey(rowKey, 3), row) * 1000
}

/** Whether NULL is the usual state of such a time: it tells of something that mostly has not happened. */
export const isMostlyNull = (words: readonly string[]): boolean => has(words, ...GONE)

/** A moment within what checks allow. */
export function bounded(task: Task, make: MomentMaker): MomentMaker {
  const { min, max } = task.hints
  const [floor, ceiling] = [min && epoch(min.value), max && epoch(max.value)]
  if (floor == null && ceiling == null) return make
  const low = (floor ?? ceiling! - 365 * DAY) + (min?.strict ? DAY : 0)
  const high = (ceiling ?? low + 365 * DAY) - (max?.strict ? DAY : 0)
  return row => {
    const wanted = make(row)
    return wanted === null || (wanted >= low && wanted <= high) ? wanted : low + below(Math.max(1, Math.floor((high - low) / 1000)), task.key, row) * 1000
  }
}

/** Milliseconds since 1970 of what PostgreSQL prints of a date or a time, read as UTC; `null` where it is none. */
export function epoch(text: string): number | null {
  const found = /^(\d{4,6}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d(?:\.\d+)?)?))?/.exec(text)
  const at = found ? Date.parse(`${found[1]}T${found[2] ?? "00:00"}Z`) : Number.NaN
  return Number.isNaN(at) ? null : at
}

/** `2024-05-06 07:08:09+00`. */
export const timestampText = (at: number): string => `${new Date(at).toISOString().slice(0, 19).replace("T", " ")}+00`
export const dateText = (at: number): string => new Date(at).toISOString().slice(0, 10)
export const timeText = (at: number): string => new Date(at).toISOString().slice(11, 19)
