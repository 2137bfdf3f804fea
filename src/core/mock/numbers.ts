import type { Hints } from "./hints.ts"
import { has, type Task, type ValueMaker } from "./maker.ts"
import { bits, fraction } from "./random.ts"

export interface NumberRange {
  readonly low: number
  readonly high: number
}

/** The largest integers of the types, and what a double holds exactly. */
export const INTEGERS: Readonly<Record<string, NumberRange>> = {
  int2: { low: -32768, high: 32767 }, int4: { low: -2147483648, high: 2147483647 }, int8: { low: Number.MIN_SAFE_INTEGER, high: Number.MAX_SAFE_INTEGER },
  oid: { low: 0, high: 4294967295 },
}

const BY_NAME: readonly (readonly [readonly string[], number, number])[] = [
  [["lat", "latitude"], -90, 90], [["lng", "lon", "long", "longitude"], -180, 180],
  [["age"], 18, 90], [["year"], 1990, 2026], [["month"], 1, 12], [["day", "dayofweek"], 1, 28], [["hour"], 0, 23], [["minute", "second"], 0, 59],
  [["rating", "stars"], 1, 5], [["percent", "percentage", "pct", "discount", "rate", "tax", "progress"], 0, 100], [["score"], 0, 100], [["probability", "confidence", "ratio"], 0, 1],
  [["price", "amount", "cost", "fee", "subtotal", "total"], 1, 500], [["salary", "income", "revenue", "budget"], 20_000, 150_000], [["balance", "credit"], 0, 10_000],
  [["quantity", "qty", "stock", "count", "num", "number"], 0, 100], [["position", "sort", "order", "rank", "priority", "index", "level", "weight"], 0, 100],
  [["width", "height", "length", "depth"], 1, 2000], [["size", "bytes"], 100, 5_000_000], [["duration", "seconds", "ms", "elapsed"], 1, 7200], [["port"], 1024, 65535], [["version", "revision"], 1, 20],
]

/** What people expect of such a number, within what the type and the checks allow. */
export function rangeFor(task: Task, type: NumberRange, step: number): NumberRange {
  const named = BY_NAME.find(([words]) => has(task.words, ...words))
  const [low, high] = named ? [named[1], named[2]] : [1, 1000]
  return within(task.hints, { low: Math.max(low, type.low), high: Math.max(Math.max(low, type.low), Math.min(high, type.high)) }, type, step)
}

function within({ min, max }: Hints, wanted: NumberRange, type: NumberRange, step: number): NumberRange {
  const floor = min && Number.isFinite(Number(min.value)) ? Number(min.value) + (min.strict ? step : 0) : type.low
  const ceiling = max && Number.isFinite(Number(max.value)) ? Number(max.value) - (max.strict ? step : 0) : type.high
  const low = Math.max(wanted.low, floor)
  if (low <= Math.min(wanted.high, ceiling)) return { low, high: Math.min(wanted.high, ceiling) }
  // what the name suggests lies outside of what the check wants
  return min ? { low: floor, high: Math.min(ceiling, floor + Math.max(1000, Math.abs(floor))) } : { low: Math.max(type.low, ceiling - 1000), high: ceiling }
}

/** Whole numbers of a type. */
export function integerMaker(task: Task, type: NumberRange): ValueMaker {
  const { low, high } = rangeFor(task, type, 1)
  const [from, span] = [Math.ceil(low), Math.max(0, Math.floor(high) - Math.ceil(low))]
  if (task.unique) return counting(task, task.hints.min ? Math.max(from, task.unique.from) : task.unique.from)
  return row => String(from + (span < 0xffffffff ? Math.floor((bits(task.key, row) / 0x1_0000_0000) * (span + 1)) : Math.floor(fraction(task.key, row) * (span + 1))))
}

/** Numbers with decimals: `scale` digits behind the point, `whole` before it. */
export function decimalMaker(task: Task, whole: number, scale: number): ValueMaker {
  const [step, top] = [10 ** -scale, 10 ** Math.min(whole, 15) - 10 ** -scale]
  const { low, high } = rangeFor(task, { low: -top, high: top }, step)
  if (task.unique) {
    const count = counting(task, task.unique.first)
    return row => digits(low + Number(count(row)) * step, scale)
  }
  const steps = Math.round((high - low) / step)
  return row => digits(low + Math.min(steps, Math.floor(fraction(task.key, row) * (steps + 1))) * step, scale)
}

/** `toFixed` rounds; the step has been taken in whole numbers before, so nothing is left to round but noise. */
const digits = (value: number, scale: number): string => value.toFixed(Math.min(scale, 20))

/** `from`, `from` + 1 … in the order of the rows. */
export function counting({ unique }: Task, from: number): ValueMaker {
  return row => String(from + row - unique!.first)
}
