import type { Hints } from "./hints.ts"
import type { Pools } from "./pools.ts"

/** The text of a column's value in one row, as PostgreSQL reads it; `null` is NULL. The same row gives the same text. */
export type Maker = (row: number) => string | null

/** A maker that never gives NULL. */
export type ValueMaker = (row: number) => string

/** A retried row has the number of its first try plus this many per try, so that what counts rows up stays unique. */
export const RETRY = 100_000_000

/** What a maker is made from. */
export interface Task {
  /** Seed, table and column in 32 bits. */
  readonly key: number
  /** Shared by the columns of a table that speak of one person or one course of events. */
  readonly rowKey: number
  /** Lower-case words of the column's name: `created_at` and `createdAt` are `created`, `at`. */
  readonly words: readonly string[]
  /** The same of the table. */
  readonly tableWords: readonly string[]
  readonly hints: Hints
  /** Every row its own value; numbers begin at `from`. `first`: the number of the first row of this run. */
  readonly unique: { readonly from: number; readonly first: number } | null
  readonly pools: Pools
}

/** `createdAt`, `created_at`, `Created At` as words. */
export function wordsOf(name: string): readonly string[] {
  return name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase().split(/[^a-z0-9]+/).filter(word => word !== "")
}

/** Whether any of the words is one of these. */
export const has = (words: readonly string[], ...wanted: readonly string[]): boolean => words.some(word => wanted.includes(word))
