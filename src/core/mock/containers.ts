import { NO_HINTS } from "./hints.ts"
import type { Maker, Task, ValueMaker } from "./maker.ts"
import { rangeFor } from "./numbers.ts"
import { below, fraction, subKey } from "./random.ts"
import { baseOf, type MockType } from "./table.ts"
import { created, DAY, dateText, timestampText } from "./times.ts"

/** Makes the parts; handed in, because parts may be containers again. */
export type MakerOf = (type: MockType, task: Task) => Promise<Maker | null>

/** Elements that an array has at most, unless a check wants more. */
const MOST_ITEMS = 4

/** `{"a","b"}`, with as many elements as checks allow. */
export async function arrayMaker(element: MockType, task: Task, makerOf: MakerOf): Promise<Maker | null> {
  const { hints, key, unique } = task
  const make = await makerOf(element, { ...task, hints: { ...NO_HINTS, values: hints.values }, unique: null, words: task.words.map(singular) })
  if (!make) return null
  const [least, most] = [Math.max(unique ? 1 : 0, hints.minItems), Math.min(hints.maxItems, Math.max(MOST_ITEMS, hints.minItems))]
  return row => {
    const count = least + below(most - least + 1, subKey(key, 20), row)
    const items = Array.from({ length: count }, (_, i) => make((row * 16 + i) >>> 0) ?? "NULL")
    return `{${[...new Set(items)].concat(...(least > 1 ? [items.slice(new Set(items).size)] : [])).map(arrayItem).join(",")}}`
  }
}

const singular = (word: string): string => (word.length > 3 && word.endsWith("s") ? word.slice(0, -1) : word)
const arrayItem = (text: string): string => (text === "NULL" ? text : `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`)

/** `(a,"b c",)`. */
export async function compositeMaker(type: MockType, task: Task, makerOf: MakerOf): Promise<Maker | null> {
  const makers = await Promise.all(type.fields.map((field, i) => makerOf(field.type, { ...task, key: subKey(task.key, 40 + i), hints: NO_HINTS, unique: null, words: [...field.name.toLowerCase().split("_")] })))
  return row => `(${makers.map(make => fieldText(make?.(row) ?? null)).join(",")})`
}

const fieldText = (text: string | null): string => (text === null ? "" : `"${text.replaceAll("\\", "\\\\").replaceAll('"', '""')}"`)

/** `[low,high)`, never empty. Where no two may meet, one lies behind the other. `null`: no bound of this type is known. */
export function rangeMaker(bound: MockType, task: Task): ValueMaker | null {
  const { key, rowKey, unique } = task
  const type = baseOf(bound)
  const text = BOUNDS[type.name]
  if (!text) return type.name === "text" ? row => `[${"abcdefghijklm"[row % 13]},z)` : null
  const isTime = ["date", "timestamp", "timestamptz"].includes(type.name)
  const wanted = isTime ? null : rangeFor(task, { low: -2_000_000_000, high: 2_000_000_000 }, 1)
  const step = isTime ? DAY : 10
  return row => {
    const length = 1 + below(isTime ? 20 : 8, subKey(key, 30), row)
    if (unique) return `[${text((isTime ? Date.UTC(2023, 0, 1) : 0) + row * step)},${text((isTime ? Date.UTC(2023, 0, 1) : 0) + row * step + (step / 10) * Math.min(9, length))})`
    const low = wanted ? Math.floor(wanted.low + fraction(key, row) * (wanted.high - wanted.low)) : created(rowKey, row)
    return `[${text(low)},${text(low + length * (isTime ? DAY : 1))})`
  }
}

const whole = (value: number): string => String(Math.trunc(value))
const BOUNDS: Readonly<Record<string, (value: number) => string>> = {
  int4: whole, int8: whole, int2: whole, numeric: whole, float8: whole, float4: whole,
  date: dateText, timestamp: at => `"${timestampText(at).slice(0, -3)}"`, timestamptz: at => `"${timestampText(at)}"`,
}
