import type { Key } from "./parents.ts"

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

/** A row on its own, outside of any batch. */
export const NO_BATCH: Batch = { from: 0, pages: new Map(), products: new Map(), attempts: new Map() }
