import type { Case } from "./check.ts"

export interface Bound {
  readonly value: string
  readonly strict: boolean
}

/** All that checks say of one column, in one way to meet them. */
export interface Hints {
  /** `null`: any. */
  readonly values: readonly string[] | null
  readonly not: readonly string[]
  readonly min: Bound | null
  readonly max: Bound | null
  /** Characters. */
  readonly minLength: number
  readonly maxLength: number
  /** Elements of an array. */
  readonly minItems: number
  readonly maxItems: number
  readonly patterns: readonly { readonly pattern: string; readonly insensitive: boolean }[]
  /** `null`: nothing is said. */
  readonly null: boolean | null
  /** Letters of one case only. */
  readonly lower: boolean | null
  readonly json: string | null
  readonly above: readonly { readonly other: string; readonly strict: boolean }[]
  readonly same: string | null
}

export const NO_HINTS: Hints = {
  values: null, not: [], min: null, max: null, minLength: 0, maxLength: Infinity, minItems: 0, maxItems: Infinity, patterns: [], null: null, lower: null, json: null, above: [], same: null,
}

/** The facts of one way, by column; `null` where they contradict each other. */
export function hintsOf(facts: Case): ReadonlyMap<string, Hints> | null {
  const all = new Map<string, Hints>()
  for (const fact of facts) {
    const hints = withFact(all.get(fact.column) ?? NO_HINTS, fact)
    if (!hints) return null
    all.set(fact.column, hints)
  }
  return all
}

/** Both together; `null` where they contradict each other. */
export function bothHints(a: Hints, b: Hints): Hints | null {
  const values = a.values && b.values ? a.values.filter(value => b.values!.includes(value)) : (a.values ?? b.values)
  if (values?.length === 0 || (a.null !== null && b.null !== null && a.null !== b.null)) return null
  return {
    values, not: [...a.not, ...b.not], min: tighter(a.min, b.min, 1), max: tighter(a.max, b.max, -1),
    minLength: Math.max(a.minLength, b.minLength), maxLength: Math.min(a.maxLength, b.maxLength),
    minItems: Math.max(a.minItems, b.minItems), maxItems: Math.min(a.maxItems, b.maxItems),
    patterns: [...a.patterns, ...b.patterns], null: a.null ?? b.null, lower: a.lower ?? b.lower, json: a.json ?? b.json, above: [...a.above, ...b.above], same: a.same ?? b.same,
  }
}

function withFact(hints: Hints, fact: Case[number]): Hints | null {
  switch (fact.kind) {
    case "in": return bothHints(hints, { ...NO_HINTS, values: fact.values })
    case "not in": return { ...hints, not: [...hints.not, ...fact.values] }
    case "min": return bothHints(hints, { ...NO_HINTS, min: fact })
    case "max": return bothHints(hints, { ...NO_HINTS, max: fact })
    case "length": return bothHints(hints, { ...NO_HINTS, minLength: fact.min, maxLength: fact.max })
    case "items": return bothHints(hints, { ...NO_HINTS, minItems: fact.min, maxItems: fact.max })
    case "pattern": return { ...hints, patterns: [...hints.patterns, fact] }
    case "null": return bothHints(hints, { ...NO_HINTS, null: fact.null })
    case "above": return { ...hints, above: [...hints.above, fact] }
    case "same": return { ...hints, same: fact.other }
    case "case": return { ...hints, lower: fact.lower }
    case "json": return { ...hints, json: fact.type }
  }
}

function tighter(a: Bound | null, b: Bound | null, sign: 1 | -1): Bound | null {
  if (!a || !b) return a ?? b
  const [x, y] = [Number(a.value), Number(b.value)]
  const order = Number.isFinite(x) && Number.isFinite(y) ? x - y : a.value < b.value ? -1 : a.value > b.value ? 1 : 0
  if (order === 0) return a.strict ? a : b
  return order * sign > 0 ? a : b
}
