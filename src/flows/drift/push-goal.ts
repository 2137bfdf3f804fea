import type { Catalog, CatalogObject, Drift, ObjectId } from "../../core/catalog.ts"
import type { Context } from "../../core/context.ts"
import { leaverOf, type Ignored } from "../../core/filter.ts"
import { ident } from "../../core/ident.ts"
import { rootOf } from "../../core/prune.ts"
import type { Session } from "../../core/types.ts"
import { inspect } from "../../kinds/inspect.ts"
import { HOME } from "../database.ts"
import { declaredCatalog } from "../generate/declare.ts"
import { adopted, filterOf, textNotes } from "./diff.ts"
import { SAID } from "../generate/inherited.ts"
import { notesOf } from "../generate/notes.ts"
import { deciderOf, nothingToRename, renameIn } from "../generate/rename.ts"
import type { Setup } from "../setup.ts"
import type { Shadows } from "../history/shadows.ts"
import { survive } from "../history/survive.ts"
import type { Schema } from "./ungenerated.ts"

/** Where a push goes from and to. */
export interface Goal {
  /** The database as it shall be; what the schema cannot say or others own stays as it is. */
  readonly want: Catalog
  /** The database as it is once the renames are done. */
  readonly have: Catalog
  readonly renames: readonly string[]
  readonly drift: Drift
  readonly ignored: Ignored
  readonly notes: readonly string[]
}

export interface GoalInput {
  readonly ctx: Context
  readonly setup: Setup
  readonly schema: Exclude<Schema, { why: string }>
  readonly shadows: Shadows
  readonly request: { readonly renames: readonly string[]; readonly noRenames: boolean }
}

/**
 * What the schema wants of this database, and what has to be decided on the way.
 *
 * @param session  the database itself: renames are tried there, in a transaction that is rolled back
 */
export async function pushGoal(session: Session, { ctx, setup, schema, shadows, request }: GoalInput): Promise<Goal> {
  await session.script(`set search_path = ${ident(HOME)}, pg_temp`)
  const live = await inspect(session.query, HOME)
  const shadow = await shadows.open()
  const declared = await declaredCatalog(shadow, { ...schema, history: live, held: false }).finally(() => shadow.close())
  const { want: kept, ignored } = withKept(declared, live, leaverOf(filterOf(setup), HOME))
  const { decide, unused } = deciderOf(ctx, request)
  const { statements, catalog: have } = await renameIn(session, kept, live, decide)
  const typo = unused()[0]
  if (typo !== undefined) throw nothingToRename(typo, "database")
  const survived = await survive(shadows, kept, have)
  return { want: adopted(kept, have, survived.drift), have, renames: statements, drift: survived.drift, ignored, notes: [...notesOf(schema.declared, kept, live), ...textNotes(survived)] }
}

type Leaver = ReturnType<typeof leaverOf>

/** The declared catalog, with the database's own objects where the schema has no word for them, or where they belong to somebody else. */
function withKept(declared: Catalog, live: Catalog, leaver: Leaver): { readonly want: Catalog; readonly ignored: Ignored } {
  const roots = new Map<string, Set<ObjectId>>()
  const ignored = (catalog: Catalog, object: CatalogObject): boolean => {
    const why = leaver(catalog, object)
    if (why !== null && catalog === live) roots.set(why, (roots.get(why) ?? new Set()).add(rootOf(catalog, object).id))
    return why !== null
  }
  const own = [...declared.objects].filter(([, object]) => !ignored(declared, object))
  const stays = (object: CatalogObject): boolean => ignored(live, object) || (!SAID.has(object.kind) && !declared.objects.has(object.id) && bearerStays(declared, live, object))
  const kept = new Map([...live.objects].filter(([, object]) => stays(object)))
  const objects = new Map([...own, ...kept])
  const needs = new Map([...[...live.needs].filter(([id]) => kept.has(id)), ...declared.needs])
  return { want: { objects, needs }, ignored: Object.fromEntries([...roots].map(([why, ids]) => [why, ids.size])) }
}

/** A trigger goes with its table. */
const bearerStays = (declared: Catalog, live: Catalog, object: CatalogObject): boolean => {
  const root = rootOf(live, object)
  return root.id === object.id || declared.objects.has(root.id)
}
