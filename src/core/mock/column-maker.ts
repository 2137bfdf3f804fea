import { NO_HINTS } from "./hints.ts"
import { wordsOf, type Maker, type Task } from "./maker.ts"
import { chance, keyOf, subKey } from "./random.ts"
import type { RowMakerInput } from "./row-input.ts"
import type { MockColumn } from "./table.ts"
import { isMostlyNull } from "./times.ts"
import { makerOf } from "./values.ts"
import type { Variant } from "./variants.ts"

/** Of a hundred rows, those that leave a column NULL that may be. */
const NULL_PERCENT = 15

/** A maker for one column in one way to meet the checks. Throws `UnknownType` where it must have a value and none is known. */
export async function columnMaker(input: RowMakerInput, column: MockColumn, variant: Variant): Promise<Maker> {
  const numbers = input.reserved.get(column.name)
  if (numbers) return row => String(numbers.start + (row - input.first) * numbers.step)
  const hints = variant.get(column.name) ?? NO_HINTS
  if (hints.null === true) return () => null
  const isUnique = needsOwnValue(input, column)
  const constant = input.constants.get(column.name)
  if (constant !== undefined && !isUnique && hints === NO_HINTS) return () => constant
  const task = taskFor(input, column, variant, isUnique)
  const make = await makerOf(column.type, task)
  const needed = column.notNull || hints.null === false || column.type.notNull
  if (!make) return needed ? unknownValue(input, column) : () => null
  if (needed) return isMostlyNull(task.words) ? nonNull(make, await makerOf(column.type, { ...task, words: ["at"] })) : make
  const nulls = isMostlyNull(task.words) || (isUnique && !input.uniques.every(plan => plan.unique.nullsDistinct)) ? 0 : NULL_PERCENT
  return nulls === 0 ? make : row => (chance(nulls, subKey(task.key, 50), row) ? null : make(row))
}

function taskFor({ table, seed, pools, first, froms }: RowMakerInput, column: MockColumn, variant: Variant, isUnique: boolean): Task {
  const name = `${seed} ${table.schema}.${table.name}`
  return {
    key: keyOf(`${name} ${column.name}`), rowKey: keyOf(name), words: wordsOf(column.name), tableWords: wordsOf(table.name), hints: variant.get(column.name) ?? NO_HINTS,
    unique: isUnique ? { from: froms.get(column.name) ?? first + 1, first } : null, pools,
  }
}

/** For a unique key, and for a range that an exclusion constraint keeps apart. */
function needsOwnValue({ table, uniques }: RowMakerInput, { name, type }: MockColumn): boolean {
  const isRange = type.kind === "range" || type.kind === "multirange"
  return uniques.some(plan => plan.kind === "column" && plan.column === name) || (isRange && table.exclusions.some(one => one.columns.includes(name)))
}

const nonNull = (make: Maker, other: Maker | null): Maker => row => make(row) ?? other?.(row) ?? null

function unknownValue({ table }: RowMakerInput, column: MockColumn): never {
  throw new UnknownType(`${table.name}.${column.name} is of type ${column.type.text}, and nself knows no value of it`)
}

/** A column that must have a value of a type nself has never heard of. */
export class UnknownType extends Error {
  override readonly name = "UnknownType"
}
