import type { MockForeignKey } from "./table.ts"

/** A parent's key: texts in the order of the foreign key's columns. */
export type Key = readonly string[]

/** Where a foreign key's values come from. */
export type ParentSource =
  /** Any of these, any number of times. */
  | { readonly kind: "pool"; readonly keys: readonly Key[] }
  /** One for each row: the batch brings them. */
  | { readonly kind: "page" }
  /** Rows that this run makes; `at` gives the key of one. `earlier`: only rows before the one that refers, or the row itself. */
  | { readonly kind: "made"; readonly first: number; readonly count: number; readonly at: (row: number) => Key; readonly earlier: boolean; readonly chain: boolean }
  /** NULL for now, or for good. */
  | { readonly kind: "none" }

export interface Parent {
  readonly foreignKey: MockForeignKey
  readonly source: ParentSource
}

/** Keys by the values of some of their columns, for foreign keys that share columns. */
export function indexKeys(keys: readonly Key[], positions: readonly number[]): ReadonlyMap<string, readonly Key[]> {
  return Map.groupBy(keys, key => joined(positions.map(position => key[position]!)))
}

/** Texts as one text; none of them can hold the separator. */
export const joined = (texts: readonly (string | null)[]): string => texts.join("\0")
