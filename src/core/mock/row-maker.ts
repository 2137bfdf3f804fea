import { NO_BATCH, type Batch } from "./batch.ts"
import { columnMaker } from "./column-maker.ts"
import { linkOf, type KeyLink } from "./key-link.ts"
import { RETRY, type Maker } from "./maker.ts"
import { pairsOf, settleOrder, type Pair } from "./ordered.ts"
import type { Key, Parent } from "./parents.ts"
import { productOf, settler, type Product, type Settler } from "./product.ts"
import { below, keyOf, subKey } from "./random.ts"
import type { RowMakerInput } from "./row-input.ts"
import type { Variant } from "./variants.ts"

export interface RowMaker {
  /** The columns that are written, in the order of the values. */
  readonly columns: readonly string[]
  readonly make: (row: number, batch: Batch) => readonly (string | null)[]
  /** The values of some columns in a row, which refusals do not change. */
  readonly key: (row: number, columns: readonly string[]) => Key
  readonly products: readonly Product[]
}

/** Turns all that is known of a table into a function from a row's number to its values. Throws `UnknownType` for a column that no value is known for. */
export async function rowMaker(input: RowMakerInput): Promise<RowMaker> {
  const parts = await partsOf(input)
  const { columns, at, keyed, products } = parts
  return {
    columns, products,
    make: (row, batch) => makeRow(parts, row, batch, true),
    key: (row, names) => {
      if (!names.some(name => keyed.has(name))) return names.map(name => parts.makers[variantOf(parts, row)]![at.get(name)!]?.(row) ?? "")
      const values = makeRow(parts, row, NO_BATCH, false)
      return names.map(name => values[at.get(name)!] ?? "")
    },
  }
}

/** What a row is made with, once per table. */
interface Parts {
  readonly columns: readonly string[]
  /** The place of each column among the values. */
  readonly at: ReadonlyMap<string, number>
  readonly variants: readonly Variant[]
  /** By way to meet the checks, then by column; `null`: a foreign key brings the value. */
  readonly makers: readonly (readonly (Maker | null)[])[]
  readonly pairs: readonly (readonly Pair[])[]
  readonly products: readonly Product[]
  readonly settlers: ReadonlyMap<string, Settler>
  readonly links: readonly KeyLink[]
  /** Columns whose values come from foreign keys. */
  readonly keyed: ReadonlySet<string>
  /** Columns that a reference to the own table shares with the key it points to: the row's own. */
  readonly shared: ReadonlySet<string>
  readonly frozen: readonly boolean[]
  /** Decides the way that a row meets the checks. */
  readonly key: number
}

async function partsOf(input: RowMakerInput): Promise<Parts> {
  const { table, left, reserved, parents, uniques, variants } = input
  const columns = table.columns.filter(column => !left.has(column.name) || reserved.has(column.name))
  const shared = sharedColumns(parents)
  const keyed = new Set(parents.flatMap(parent => parent.foreignKey.columns).filter(name => !shared.has(name)))
  const at = new Map(columns.map((column, index) => [column.name, index]))
  const products = uniques.flatMap(plan => (plan.kind === "product" ? [productOf(plan, parents)] : []))
  const settlers = new Map<string, Settler>()
  for (const { plan: { unique } } of products) if (unique.predicate !== null) settlers.set(unique.name, await settler(input, unique.predicate))
  const key = keyOf(`${input.seed} ${table.schema}.${table.name}`)
  return {
    columns: columns.map(column => column.name), at, variants, products, settlers, keyed, shared, key: subKey(key, 90), frozen: columns.map(column => input.frozen.has(column.name)),
    makers: await Promise.all(variants.map(variant => Promise.all(columns.map(column => (keyed.has(column.name) ? null : columnMaker(input, column, variant)))))),
    pairs: variants.map(variant => pairsOf(variant, columns, at)),
    links: parents.toSorted((a, b) => b.foreignKey.columns.length - a.foreignKey.columns.length).map((parent, i) => linkOf(parent, input, subKey(key, 200 + i))),
  }
}

function sharedColumns(parents: readonly Parent[]): ReadonlySet<string> {
  const isSelf = ({ source }: Parent): boolean => source.kind === "made" && source.earlier
  const others = parents.filter(parent => !isSelf(parent)).flatMap(parent => parent.foreignKey.columns)
  return new Set(parents.filter(isSelf).flatMap(({ foreignKey }) => foreignKey.columns.filter(name => foreignKey.targetColumns.includes(name) && !others.includes(name))))
}

const variantOf = ({ makers, key }: Parts, row: number): number => (makers.length === 1 ? 0 : below(makers.length, key, row))

/** `self`: with references to the own table. */
function makeRow(parts: Parts, row: number, batch: Batch, self: boolean): (string | null)[] {
  const drawn = row + (batch.attempts.get(row) ?? 0) * RETRY
  const variant = variantOf(parts, drawn)
  const values = ownValues(parts, row, drawn, variant)
  const { at, products, links, pairs } = parts
  if (products.length + links.length > 0) {
    const set = (name: string, value: string | null): void => void (values[at.get(name)!] = value)
    const fixed = new Set<string>(parts.shared)
    for (const product of products) combine(parts, product, { row, batch, fixed, set })
    for (const link of links) if (self || !link.self) link.put({ row, drawn, batch, fixed, hints: parts.variants[variant]!, get: name => values[at.get(name)!] ?? null, set })
  }
  if (pairs[variant]!.length > 0) settleOrder(values, pairs[variant]!, drawn)
  return values
}

/** What others refer to stays what it was, however often the row is made anew. */
function ownValues(parts: Parts, row: number, drawn: number, variant: number): (string | null)[] {
  const makers = parts.makers[variant]!
  const values = new Array<string | null>(makers.length)
  for (let i = 0; i < makers.length; i++) values[i] = makers[i]?.(drawn) ?? null
  if (drawn === row || !parts.frozen.includes(true)) return values
  const first = parts.makers[variantOf(parts, row)]!
  return values.map((value, i) => (parts.frozen[i] ? (first[i]?.(row) ?? null) : value))
}

interface Combining {
  readonly row: number
  readonly batch: Batch
  readonly fixed: Set<string>
  readonly set: (name: string, value: string | null) => void
}

/** The combination that a unique key gives this row. */
function combine({ settlers }: Parts, { plan: { unique }, columns, at }: Product, { row, batch, fixed, set }: Combining): void {
  const index = batch.products.get(unique.name)?.[row - batch.from]
  if (index === undefined) return
  settlers.get(unique.name)?.[index < 0 ? "none" : "one"](row, set)
  if (index < 0) return
  at(index).forEach((value, i) => {
    fixed.add(columns[i]!)
    set(columns[i]!, value)
  })
}
