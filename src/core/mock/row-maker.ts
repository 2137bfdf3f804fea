import { casesOf } from "./check.ts"
import { hintsOf, NO_HINTS, type Hints } from "./hints.ts"
import { RETRY, wordsOf, type Maker } from "./maker.ts"
import { settleOrder, type Pair } from "./ordered.ts"
import { indexKeys, joined, type Key, type Parent } from "./parents.ts"
import type { Pools } from "./pools.ts"
import { below, chance, keyOf, pick, subKey } from "./random.ts"
import type { MockColumn, MockTable } from "./table.ts"
import { isMostlyNull } from "./times.ts"
import type { Member, UniquePlan } from "./unique.ts"
import { makerOf } from "./values.ts"
import type { Variant } from "./variants.ts"

/** What a batch of rows brings along. `from`: the number of its first row. */
export interface Batch {
  readonly from: number
  /** Of each foreign key with one child per parent: a parent for each row. */
  readonly pages: ReadonlyMap<string, readonly Key[]>
  /** Of each unique key that goes through combinations: one for each row; -1: none is left, its predicate must be false. */
  readonly products: ReadonlyMap<string, readonly number[]>
  /** Rows that were refused, with the number of their try. */
  readonly attempts: ReadonlyMap<number, number>
}

export interface RowMaker {
  /** The columns that are written, in the order of the values. */
  readonly columns: readonly string[]
  readonly make: (row: number, batch: Batch) => readonly (string | null)[]
  /** The values of some columns in a row, which refusals do not change. */
  readonly key: (row: number, columns: readonly string[]) => Key
  readonly products: readonly Product[]
}

/** The combinations of a unique key. */
export interface Product {
  readonly plan: Extract<UniquePlan, { kind: "product" }>
  readonly size: number
  readonly columns: readonly string[]
  readonly at: (index: number) => Key
}

export interface RowMakerInput {
  readonly table: MockTable
  readonly seed: string
  readonly pools: Pools
  readonly variants: readonly Variant[]
  readonly uniques: readonly UniquePlan[]
  readonly parents: readonly Parent[]
  /** Columns that are not written. */
  readonly left: ReadonlySet<string>
  /** Constant defaults that are kept, by column. */
  readonly constants: ReadonlyMap<string, string | null>
  /** The number of this run's first row. */
  readonly first: number
  /** Where numbers that must differ begin, by column. */
  readonly froms: ReadonlyMap<string, number>
  /** Numbers taken from a sequence for this run, by column. */
  readonly reserved: ReadonlyMap<string, { readonly start: number; readonly step: number }>
  /** Columns whose values other rows refer to before they are written. */
  readonly frozen: ReadonlySet<string>
}

/** Of a hundred rows, those that leave a column NULL that may be. */
const NULL_PERCENT = 15

/** Turns all that is known of a table into a function from a row's number to its values. Throws `failed` for a column that no value is known for. */
export async function rowMaker(input: RowMakerInput): Promise<RowMaker> {
  const { table, left, reserved, parents, uniques } = input
  const columns = table.columns.filter(column => !left.has(column.name) || reserved.has(column.name))
  // a self reference over several columns shares some with the key it points to: those are the row's own
  const shared = new Set(parents.flatMap(({ foreignKey, source }) => (source.kind === "made" && source.earlier ? foreignKey.columns.filter(name => foreignKey.targetColumns.includes(name)) : [])))
  for (const { foreignKey, source } of parents) if (!(source.kind === "made" && source.earlier)) foreignKey.columns.forEach(name => shared.delete(name))
  const keyed = new Set(parents.flatMap(parent => parent.foreignKey.columns).filter(name => !shared.has(name)))
  const makers = await Promise.all(input.variants.map(variant => Promise.all(columns.map(column => (keyed.has(column.name) ? null : columnMaker(input, column, variant))))))
  const at = new Map(columns.map((column, index) => [column.name, index]))
  const products = uniques.flatMap(plan => (plan.kind === "product" ? [productOf(plan, parents)] : []))
  const settlers = new Map(await Promise.all(products.flatMap(({ plan }) => (plan.unique.predicate === null ? [] : [settler(input, plan.unique.name, plan.unique.predicate)]))))
  const pairs = input.variants.map(variant => pairsOf(variant, columns, at))
  const rowKey = keyOf(`${input.seed} ${table.schema}.${table.name}`)
  const variantOf = (row: number): number => (makers.length === 1 ? 0 : below(makers.length, subKey(rowKey, 90), row))
  const links = parents.toSorted((a, b) => b.foreignKey.columns.length - a.foreignKey.columns.length).map((parent, i) => linkOf(parent, input, subKey(rowKey, 200 + i)))
  const own = (row: number, name: string): string | null => makers[variantOf(row)]![at.get(name)!]?.(row) ?? null

  const makeRow = (row: number, batch: Batch, self: boolean): (string | null)[] => {
    const attempt = batch.attempts.get(row) ?? 0
    const drawn = row + attempt * RETRY
    const variant = variantOf(drawn)
    const values: (string | null)[] = new Array(columns.length).fill(null)
    makers[variant]!.forEach((maker, i) => {
      if (maker) values[i] = maker(attempt > 0 && input.frozen.has(columns[i]!.name) ? row : drawn)
    })
    const set = (name: string, value: string | null): void => void (values[at.get(name)!] = value)
    const fixed = new Set<string>(shared)
    for (const { plan, columns: names, at: tuple } of products) {
      const index = batch.products.get(plan.unique.name)?.[row - batch.from]
      if (index === undefined) continue
      settlers.get(plan.unique.name)?.[index < 0 ? "none" : "one"](row, set)
      if (index >= 0) tuple(index).forEach((value, i) => (fixed.add(names[i]!), set(names[i]!, value)))
    }
    for (const link of links) if (self || !link.self) link.put({ row, drawn, batch, fixed, hints: input.variants[variant]!, get: name => values[at.get(name)!] ?? null, set })
    if (pairs[variant]!.length > 0) settleOrder(values, pairs[variant]!, drawn)
    return values
  }
  const key = (row: number, names: readonly string[]): Key => {
    if (!names.some(name => keyed.has(name))) return names.map(name => own(row, name) ?? "")
    const values = makeRow(row, { from: row, pages: new Map(), products: new Map(), attempts: new Map() }, false)
    return names.map(name => values[at.get(name)!] ?? "")
  }
  return { columns: columns.map(column => column.name), make: (row, batch) => makeRow(row, batch, true), key, products }
}

async function columnMaker(input: RowMakerInput, column: MockColumn, variant: Variant): Promise<Maker | null> {
  const { table, seed, pools, uniques, constants, first, froms, reserved } = input
  const numbers = reserved.get(column.name)
  if (numbers) return row => String(numbers.start + (row - first) * numbers.step)
  const key = keyOf(`${seed} ${table.schema}.${table.name} ${column.name}`)
  const hints = variant.get(column.name) ?? NO_HINTS
  const constant = constants.get(column.name)
  const isUnique = uniques.some(plan => plan.kind === "column" && plan.column === column.name) || table.exclusions.some(one => one.columns.includes(column.name) && isRange(column))
  if (hints.null === true) return () => null
  if (constant !== undefined && !isUnique && hints === NO_HINTS) return () => constant
  const words = wordsOf(column.name)
  const task = { key, rowKey: keyOf(`${seed} ${table.schema}.${table.name}`), words, tableWords: wordsOf(table.name), hints, unique: isUnique ? { from: froms.get(column.name) ?? first + 1, first } : null, pools }
  const make = await makerOf(column.type, task)
  const needed = column.notNull || hints.null === false || column.type.notNull
  if (!make) return needed ? unknownValue(input, column) : () => null
  if (needed) return isMostlyNull(words) ? nonNull(make, await makerOf(column.type, { ...task, words: ["at"] })) : make
  const nulls = isMostlyNull(words) || (isUnique && !uniques.every(plan => plan.unique.nullsDistinct)) ? 0 : NULL_PERCENT
  return nulls === 0 ? make : row => (chance(nulls, subKey(key, 50), row) ? null : make(row))
}

const isRange = ({ type }: MockColumn): boolean => type.kind === "range" || type.kind === "multirange"
const nonNull = (make: Maker, other: Maker | null): Maker => row => make(row) ?? other?.(row) ?? null

function unknownValue({ table }: RowMakerInput, column: MockColumn): never {
  throw new UnknownType(`${table.name}.${column.name} is of type ${column.type.text}, and nself knows no value of it`)
}

/** A column that must have a value of a type nself has never heard of. */
export class UnknownType extends Error {
  override readonly name = "UnknownType"
}

function productOf(plan: Product["plan"], parents: readonly Parent[]): Product {
  const lists = plan.members.map(member => listOf(member, parents))
  const size = lists.reduce((all, list) => all * list.keys.length, 1)
  return {
    plan, size, columns: lists.flatMap(list => list.columns),
    at: index => {
      let rest = index
      return lists.flatMap(({ keys }) => {
        const key = keys[rest % keys.length]!
        rest = Math.floor(rest / keys.length)
        return key
      })
    },
  }
}

function listOf(member: Member, parents: readonly Parent[]): { readonly columns: readonly string[]; readonly keys: readonly Key[] } {
  if (member.kind === "values") return { columns: [member.column], keys: member.values.map(value => [value]) }
  const source = parents.find(parent => parent.foreignKey.name === member.foreignKey.name)?.source
  return { columns: member.foreignKey.columns, keys: source?.kind === "pool" ? source.keys : [] }
}

type Set = (name: string, value: string | null) => void

/** Gives a row values that a partial index speaks of (`one`), or does not (`none`), as far as its predicate is understood. */
interface Settler {
  readonly one: (row: number, set: Set) => void
  readonly none: (row: number, set: Set) => void
}

async function settler(input: RowMakerInput, name: string, predicate: string): Promise<readonly [string, Settler]> {
  return [name, { one: await setter(input, predicate), none: await setter(input, `NOT (${predicate})`) }]
}

async function setter({ table, seed, pools }: RowMakerInput, expression: string): Promise<(row: number, set: Set) => void> {
  const hints = (await casesOf({ expression })).map(hintsOf).find(one => one && one.size > 0)
  const makers = await Promise.all([...(hints ?? [])].map(async ([column, wanted]) => {
    const found = table.columns.find(one => one.name === column)
    const task = { key: keyOf(`${seed} ${column}`), rowKey: 0, words: ["at"], tableWords: [], hints: wanted, unique: null, pools }
    return { column, make: wanted.null === true || !found ? () => null : ((await makerOf(found.type, task)) ?? (() => null)) }
  }))
  return (row, set) => makers.forEach(({ column, make }) => set(column, make(row)))
}

function pairsOf(variant: Variant, columns: readonly MockColumn[], at: ReadonlyMap<string, number>): readonly Pair[] {
  return [...variant].flatMap(([name, hints]: [string, Hints]) => {
    const index = at.get(name)
    if (index === undefined) return []
    const pairs = hints.above.flatMap(({ other, strict }) => (at.has(other) ? [{ kind: "above" as const, index, other: at.get(other)!, strict, type: columns[index]!.type }] : []))
    return hints.same !== null && at.has(hints.same) ? [...pairs, { kind: "same" as const, index, other: at.get(hints.same)!, strict: false, type: columns[index]!.type }] : pairs
  })
}

interface Place {
  readonly row: number
  readonly drawn: number
  readonly batch: Batch
  /** Columns that a unique key has decided. */
  readonly fixed: { has(name: string): boolean; add(name: string): unknown }
  readonly hints: Variant
  readonly get: (name: string) => string | null
  readonly set: Set
}

/** Puts a parent's key into a row. Foreign keys that share a column with an earlier one take a parent that fits. */
function linkOf({ foreignKey, source }: Parent, { table, first }: RowMakerInput, key: number): { readonly self: boolean; readonly put: (place: Place) => void } {
  const { columns, name } = foreignKey
  const nullable = columns.filter(column => !table.columns.find(one => one.name === column)!.notNull)
  const indexes = new Map<string, ReadonlyMap<string, readonly Key[]>>()
  const fitting = (place: Place, keys: readonly Key[]): readonly Key[] => {
    const shared = columns.map((column, i) => (place.fixed.has(column) ? i : -1)).filter(i => i >= 0)
    if (shared.length === 0) return keys
    const by = shared.join()
    if (!indexes.has(by)) indexes.set(by, indexKeys(keys, shared))
    return indexes.get(by)!.get(joined(shared.map(i => place.get(columns[i]!)))) ?? []
  }
  const choose = (place: Place): Key | null => {
    const { row, drawn, batch } = place
    switch (source.kind) {
      case "none": return null
      case "page": return batch.pages.get(name)?.[row - batch.from] ?? null
      case "pool": {
        const keys = fitting(place, source.keys)
        return keys.length === 0 ? null : pick(keys, key, drawn)
      }
      case "made": return madeKey(source, place, columns, nullable.length > 0, key, first)
    }
  }
  const put = (place: Place): void => {
    if (columns.every(column => place.fixed.has(column))) return
    const told = columns.map(column => place.hints.get(column)?.null ?? null)
    const skips = told.includes(true) || (nullable.length > 0 && !told.includes(false) && source.kind === "pool" && chance(10, subKey(key, 1), place.drawn))
    const chosen = skips ? null : choose(place)
    columns.forEach((column, i) => {
      if (place.fixed.has(column)) return
      if (chosen) place.set(column, chosen[i]!)
      else if (nullable.includes(column) || columns.length === 1) place.set(column, null)
    })
    if (chosen) columns.forEach(column => place.fixed.add(column))
  }
  return { self: source.kind === "made" && source.earlier, put }
}

/** Among rows of this run: an earlier one, the one before in a chain, or the row itself where there is no other and NULL is not allowed. */
function madeKey(source: Extract<Parent["source"], { kind: "made" }>, place: Place, columns: readonly string[], nullable: boolean, key: number, first: number): Key | null {
  const { row, drawn } = place
  if (!source.earlier) return source.at(source.first + (source.chain ? row - first : below(source.count, key, drawn)))
  const index = row - first
  if (source.chain) return index > 0 ? source.at(row - 1) : nullable ? null : source.at(row)
  if (nullable && (index === 0 || chance(20, subKey(key, 1), drawn))) return null
  const fits = (found: Key): boolean => columns.every((column, i) => !place.fixed.has(column) || place.get(column) === found[i])
  for (let attempt = 0; attempt < 20 && index > 0; attempt++) {
    const found = source.at(first + below(index, subKey(key, 2 + attempt), drawn))
    if (fits(found)) return found
  }
  return nullable ? null : source.at(row)
}
