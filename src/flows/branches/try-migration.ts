import type { Catalog } from "../../core/catalog.ts"
import type { Migration, Session } from "../../core/types.ts"
import { inspect } from "../../kinds/inspect.ts"
import { plantRows } from "../../kinds/rows.ts"
import { ONLY_OUTSIDE, runsInside, runText } from "../history/catalog-after.ts"
import { aside } from "../history/nested.ts"
import { prove } from "../generate/prove.ts"
import { replay } from "../history/replay.ts"
import type { Shadows } from "../history/shadows.ts"
import { untouched, wayBack, type WayBack } from "./way-back.ts"

/** What one migration does to a history that ends where the shadow is. */
export type Trial =
  | { readonly runs: false; readonly reason: string }
  | {
    readonly runs: true
    readonly after: Catalog
    /** Whether the down file given leads back; `null`: none was given. */
    readonly down: boolean | null
    /** Why it does not. */
    readonly downReason: string
    /** A way back made from the two catalogs, where none was given or the one given does not lead back. */
    readonly made: (WayBack & { readonly proved: "rows" | "empty" | "no"; readonly reason: string }) | null
  }

/**
 * Tries a migration and its way back in the shadow, and leaves the shadow as it was; where the file cannot run inside of a
 * transaction, in a shadow of its own.
 *
 * @param shadow  holds `history`, which reads `before`
 * @param down     statements of the way back to be proved; `null` to have one made
 * @param shadows  where another one comes from
 */
export async function tryMigration(shadow: Session, history: readonly Migration[], { up, down, before, shadows }: Tried & { readonly shadows: Pick<Shadows, "open"> }): Promise<Trial> {
  if (await runsInside(up)) {
    const first = await aside(shadow, inside => trial(inside, inside, { up, down, before }))
    if (first.runs || !ONLY_OUTSIDE.includes(first.code)) return first
  }
  const fresh = await shadows.open()
  try {
    await replay(fresh, history)
    return await trial(fresh, null, { up, down, before })
  } finally {
    await fresh.close()
  }
}

interface Tried {
  readonly up: string
  readonly down: string | null
  readonly before: Catalog
}

async function trial(shadow: Session, again: Session | null, tried: Tried): Promise<Trial & { readonly code: string }> {
  const { up, down, before } = tried
  if (again) await again.script("begin")
  const said = await runText(shadow, up)
  if (said) return { runs: false, reason: said.message, code: said.code ?? "" }
  const after = await inspect(shadow.query)
  const made = await wayBack(shadow, before, after)
  if (again) await again.script("rollback")
  const base = { runs: true, after, code: "" } as const
  // outside of a transaction there is no way to begin again: only the way back itself is tried
  if (!again) return { ...base, ...(await straight(shadow, tried, after, made)) }
  const given = down === null ? null : await proof(again, tried, after, [down])
  if (given?.proved && given.proved !== "no") return { ...base, down: true, downReason: "", made: null }
  return { ...base, down: down === null ? null : false, downReason: given?.reason ?? "", made: { ...made, ...(await proof(again, tried, after, made.statements)) } }
}

async function straight(shadow: Session, { down, before }: Tried, after: Catalog, made: WayBack): Promise<Pick<Extract<Trial, { runs: true }>, "down" | "downReason" | "made">> {
  await plantRows(shadow, after, untouched(before, after))
  const { failure } = await prove(shadow, { up: [], down: down === null ? made.statements : [down], want: after, have: before, rows: false, empty: [] })
  const reason = failure?.reason ?? ""
  if (down === null) return { down: null, downReason: "", made: { ...made, proved: failure ? "no" : "rows", reason } }
  return { down: failure === null, downReason: reason, made: failure ? { ...made, proved: "no", reason: "it was not tried" } : null }
}

/** With rows in the tables that are concerned; where only the rows are in the way, without. */
async function proof(shadow: Session, { up, before }: Tried, after: Catalog, down: readonly string[]): Promise<{ readonly proved: "rows" | "empty" | "no"; readonly reason: string }> {
  let reason = ""
  for (const rows of [true, false]) {
    await shadow.script("begin")
    const empty = rows ? untouched(before, after) : []
    const { failure } = await prove(shadow, { up: [up, "reset all"], down, want: after, have: before, rows, empty }).finally(() => shadow.script("rollback"))
    if (failure === null) return { proved: rows ? "rows" : "empty", reason }
    reason ||= failure.reason.split("\n")[0]!
    if (!rows) return { proved: "no", reason: failure.reason }
  }
  return { proved: "no", reason }
}
