import type { Parent } from "./parents.ts"
import type { Pools } from "./pools.ts"
import type { MockTable } from "./table.ts"
import type { UniquePlan } from "./unique.ts"
import type { Variant } from "./variants.ts"

/** All that is known of a table before its first row is made. */
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
