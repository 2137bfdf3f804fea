import { below, keyOf } from "./random.ts"
import type { Hints } from "./hints.ts"
import { baseOf, type MockColumn, type MockType } from "./table.ts"
import { dateText, epoch, timestampText, timeText } from "./times.ts"
import type { Variant } from "./variants.ts"

/** Two columns that a check compares; `index` must be above `other`, or the same. */
export interface Pair {
  readonly kind: "above" | "same"
  readonly index: number
  readonly other: number
  readonly strict: boolean
  readonly type: MockType
}

const KEY = keyOf("ordered")

/** Lifts values that a check wants above others; twice, because one may stand above two. NULL meets every comparison. */
export function settleOrder(values: (string | null)[], pairs: readonly Pair[], row: number): void {
  for (let round = 0; round < 2; round++) {
    for (const { kind, index, other, strict, type } of pairs) {
      const [value, base] = [values[index], values[other]]
      if (value == null || base == null) continue
      if (kind === "same") values[index] = base
      else if (!isAbove(value, base, strict)) values[index] = lifted(base, type, row)
    }
  }
}

function isAbove(value: string, base: string, strict: boolean): boolean {
  const [x, y] = [numberOf(value), numberOf(base)]
  return x > y || (!strict && x === y)
}

const numberOf = (text: string): number => epoch(text) ?? (/^\d\d:\d\d/.test(text) ? Date.parse(`1970-01-01T${text.slice(0, 8)}Z`) : Number(text))

/** A value of the same kind, a little above. */
function lifted(base: string, type: MockType, row: number): string {
  const { name } = baseOf(type)
  const more = 1 + below(30, KEY, row)
  const at = numberOf(base)
  switch (name) {
    case "date": return dateText(at + more * 86_400_000)
    case "timestamp": return timestampText(at + more * 3_600_000).slice(0, -3)
    case "timestamptz": return timestampText(at + more * 3_600_000)
    case "time": return timeText(Math.min(at + more * 60_000, 86_399_000))
    case "numeric": case "float8": case "float4": case "money": return String(Math.round((at + more) * 100) / 100)
    default: return Number.isFinite(at) ? String(at + more) : base
  }
}

/** The comparisons between columns that one way to meet the checks asks for. */
export function pairsOf(variant: Variant, columns: readonly MockColumn[], at: ReadonlyMap<string, number>): readonly Pair[] {
  return [...variant].flatMap(([name, hints]: [string, Hints]) => {
    const index = at.get(name)
    if (index === undefined) return []
    const pairs = hints.above.flatMap(({ other, strict }) => (at.has(other) ? [{ kind: "above" as const, index, other: at.get(other)!, strict, type: columns[index]!.type }] : []))
    return hints.same !== null && at.has(hints.same) ? [...pairs, { kind: "same" as const, index, other: at.get(hints.same)!, strict: false, type: columns[index]!.type }] : pairs
  })
}
