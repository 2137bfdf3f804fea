import type { Catalog } from "../../core/catalog.ts"
import { compare, driftLines, isSame } from "../../core/compare.ts"
import type { Session } from "../../core/types.ts"
import { ddl } from "../../kinds/ddl.ts"
import { inspect } from "../../kinds/inspect.ts"
import { losses } from "../../kinds/loss.ts"
import { renamesBack } from "../../kinds/same-object.ts"
import { renameIn } from "../generate/rename.ts"

/** The statements that take a migration back. */
export interface WayBack {
  readonly statements: readonly string[]
  /** Tables and columns that are lost on the way. */
  readonly loses: readonly string[]
}

/**
 * The way from `after` back to `before`, both read in this shadow, one after the other: what was renamed in between is renamed back, never
 * dropped and made again.
 *
 * @param shadow  holds `after`, and holds it again afterwards
 */
export async function wayBack(shadow: Session, before: Catalog, after: Catalog): Promise<WayBack> {
  const pairs = renamesBack(before, after)
  const renamed = await renameIn(shadow, before, after, async all => all.filter(one => pairs.has(`${one.from}=${one.to}`)))
  return { statements: [...renamed.statements, ...ddl(before, renamed.catalog)], loses: losses(before, renamed.catalog) }
}

/** Runs a way back and reads what it leads to; the reason where that is not `before`, `null` where it is. */
export async function leadsBack(shadow: Session, statements: readonly string[], before: Catalog): Promise<string | null> {
  const said = await shadow.script(`${statements.join(";\n")}\n;select 1`).then(() => null, (error: Error) => error.message)
  if (said !== null) return said
  const drift = compare(before, await inspect(shadow.query))
  return isSame(drift) ? null : `it does not read back the same: ${driftLines(drift)[0]}`
}

/** Tables that a migration touches and those their foreign keys need: only they need rows in a proof; returns the others. */
export function untouched(before: Catalog, after: Catalog): readonly string[] {
  const { missing, extra, changed } = compare(after, before)
  const objects = [...missing, ...extra, ...changed.flatMap(change => [change.want, change.have])]
  const touched = new Set(objects.flatMap(object => [object.id, object.parent ?? object.id, ...(after.needs.get(object.id) ?? []), ...(before.needs.get(object.id) ?? [])]))
  const keys = [...before.objects.values()].filter(object => object.id.startsWith("constraint:"))
  for (let size = -1; size !== touched.size;) {
    size = touched.size
    for (const key of keys) if (key.parent && touched.has(key.parent)) for (const need of before.needs.get(key.id) ?? []) touched.add(need)
  }
  return [...before.objects.values()].filter(object => object.kind === "table" && !touched.has(object.id)).map(object => object.key)
}
