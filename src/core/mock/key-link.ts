import type { Batch } from "./batch.ts"
import { indexKeys, joined, type Key, type Parent } from "./parents.ts"
import type { SetValue } from "./product.ts"
import { below, chance, pick, subKey } from "./random.ts"
import type { RowMakerInput } from "./row-input.ts"
import type { Variant } from "./variants.ts"

/** A row that is being made, as its foreign keys see it. */
export interface Place {
  readonly row: number
  readonly drawn: number
  readonly batch: Batch
  /** Columns that a unique key has decided. */
  readonly fixed: { has(name: string): boolean; add(name: string): unknown }
  readonly hints: Variant
  readonly get: (name: string) => string | null
  readonly set: SetValue
}

/** `self`: to rows of its own table, which are not all there yet. */
export interface KeyLink {
  readonly self: boolean
  readonly put: (place: Place) => void
}

/** Puts a parent's key into a row. Foreign keys that share a column with an earlier one take a parent that fits. */
export function linkOf({ foreignKey, source }: Parent, { table, first }: RowMakerInput, key: number): KeyLink {
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
