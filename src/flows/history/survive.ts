import type { Catalog, CatalogObject, Change, Drift, ObjectId } from "../../core/catalog.ts"
import { compare } from "../../core/compare.ts"
import { EMPTY, partsFor } from "../../core/part.ts"
import type { Session } from "../../core/types.ts"
import { decide } from "../../kinds/actions.ts"
import { ddl } from "../../kinds/ddl.ts"
import { inspect } from "../../kinds/inspect.ts"
import { HOME } from "../database.ts"
import { lendRoles } from "../generate/lent-roles.ts"
import { settle } from "./replay.ts"
import type { Shadows } from "./shadows.ts"

/** A difference after both texts were written by one and the same PostgreSQL. */
export interface Survived {
  readonly drift: Drift
  /** Objects that the shadow could not make, so that their texts were compared as they are. */
  readonly asText: readonly { readonly object: CatalogObject; readonly reason: string }[]
}

/**
 * The difference of two databases without what is only printed in another way: two servers of different versions write the same
 * expression differently, so both objects are made in a shadow and read back there.
 *
 * @param want, have  each as its own server printed it
 */
export async function survive(shadows: Shadows, want: Catalog, have: Catalog): Promise<Survived> {
  const drift = compare(want, have)
  if (drift.changed.length === 0) return { drift, asText: [] }
  const shadow = await shadows.open()
  try {
    return await renderAgain(shadow, drift, partsFor(drift.changed.map(change => change.want.id), want, have))
  } finally {
    await shadow.close()
  }
}

async function renderAgain(shadow: Session, drift: Drift, [want, have]: readonly [Catalog, Catalog]): Promise<Survived> {
  const first = await become(shadow, want, EMPTY)
  const second = await become(shadow, have, first.catalog)
  const { alter } = decide(compare(have, first.catalog), have, first.catalog, {})
  const left = [...first.left, ...second.left]
  const judged = drift.changed.map(change => judge(change, first.catalog.objects, { ...second, alter }))
  return {
    drift: { ...drift, changed: judged.flatMap(verdict => (verdict.differs ? [verdict.change] : [])) },
    asText: judged.flatMap(({ unmade, change }) => (unmade ? [{ object: change.have, reason: reasonFor(change.have, left) }] : [])),
  }
}

interface Verdict {
  readonly change: Change
  readonly differs: boolean
  /** The shadow could not make it. */
  readonly unmade: boolean
}
interface Second extends Become {
  readonly alter: ReadonlyMap<ObjectId, readonly string[]>
}

function judge(change: Change, first: Catalog["objects"], { catalog, left, alter }: Second): Verdict {
  const { id } = change.want
  const [want, have] = [first.get(id), catalog.objects.get(id)]
  // what could not be altered still reads as before: that is no proof of anything
  if (!want || !have || left.some(one => names(one.statement, change.have))) return { change, differs: true, unmade: true }
  if (want.detail !== have.detail) return { change: { want, have }, differs: true, unmade: false }
  // what no statement makes, no text made up either: an index that is INVALID, an alteration that says nothing
  const unsaid = isValid(change.want) !== isValid(change.have) || alter.get(id)?.length === 0
  return { change, differs: unsaid, unmade: false }
}

/** Whether a statement is about this object, by its own name. */
function names(statement: string, { data, key }: CatalogObject): boolean {
  const { name, column } = data as { readonly name?: string; readonly column?: string }
  return statement.includes(`"${(name ?? column ?? key).replaceAll('"', '""')}"`)
}

const isValid = (object: CatalogObject): boolean => (object.data as { readonly valid?: boolean }).valid !== false

interface Become {
  readonly catalog: Catalog
  readonly left: readonly { readonly statement: string; readonly reason: string }[]
}

async function become(shadow: Session, goal: Catalog, from: Catalog): Promise<Become> {
  await shadow.script("begin; set local check_function_bodies = off")
  const first = await settle(shadow, ddl(goal, from))
  const again = first.map(one => one.statement)
  const left = await lendRoles(shadow, again) ? await settle(shadow, again) : first
  await shadow.script("commit")
  return { catalog: await inspect(shadow.query, HOME), left }
}

/** PostgreSQL's reason for the statement that names the object, else the first one: what it stands on could not be made. */
function reasonFor(object: CatalogObject, left: Become["left"]): string {
  return (left.find(one => names(one.statement, object)) ?? left[0])?.reason ?? "PostgreSQL made it under another name"
}
