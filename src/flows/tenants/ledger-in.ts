import type { Applied } from "../../core/types.ts"
import type { Item } from "./visit.ts"

/** Where there is no ledger: one value, so that the planner is asked once. */
export const NOTHING: readonly Applied[] = []

/** The rows of a tenant's ledger; `null`: they could not be read, or are not known yet. Equal ledgers are one value. */
export function ledgerIn({ state }: Pick<Item, "state">, book: ReadonlyMap<string, readonly Applied[]>): readonly Applied[] | null {
  if (state?.kind === "none") return NOTHING
  return state?.kind === "digest" ? (book.get(state.digest) ?? null) : null
}
