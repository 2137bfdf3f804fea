import type { Catalog } from "../../core/catalog.ts"
import { splitStatements } from "../../core/statements.ts"
import type { Migration, Session } from "../../core/types.ts"
import { ddl } from "../../kinds/ddl.ts"
import { inspect } from "../../kinds/inspect.ts"
import { losses } from "../../kinds/loss.ts"
import { renamesBack } from "../../kinds/same-object.ts"
import { mergeChange } from "./merge-catalogs.ts"
import { aside } from "../history/nested.ts"
import { prove } from "../generate/prove.ts"
import { renameIn, type Renamed } from "../generate/rename.ts"
import { replay } from "../history/replay.ts"
import type { Shadows } from "../history/shadows.ts"

/** Both ways of a migration that says the same as an earlier one, after another history. */
export interface Anew {
  readonly up: readonly string[]
  readonly down: readonly string[]
  readonly after: Catalog
  readonly upLoses: readonly string[]
  readonly downLoses: readonly string[]
  readonly downNotes: readonly string[]
}

/** What a migration did where it was made: the catalogs around it, and what it renamed, as `from=to`. */
export interface Change {
  readonly before: Catalog
  readonly after: Catalog
  readonly renames: ReadonlySet<string>
}

/** Reads what a migration does after the history that it was made for. */
export async function changeOf(shadows: Pick<Shadows, "open">, history: readonly Migration[], migration: Migration): Promise<Change> {
  const shadow = await shadows.open()
  try {
    await replay(shadow, history)
    const before = await inspect(shadow.query)
    await replay(shadow, [migration])
    const after = await inspect(shadow.query)
    const back = [...renamesBack(before, after)].map(pair => pair.split("=") as [string, string])
    return { before, after, renames: new Set(back.map(([now, then]) => forward(now, then))) }
  } finally {
    await shadow.close()
  }
}

/** `t.new` → `t.old` the other way round; the table keeps the name that the way back gives it. */
const forward = (now: string, then: string): string => `${then}=${now}`

/** Statements that only shape the database; others move rows, and those nobody but their author can write again. */
const SHAPES = /^(Create|Alter|Drop|Rename|Comment|Index|Define|View|RuleStmt)/

/** Whether a migration does nothing but shape the database, so that it can be written anew from what it did. */
export async function isShapeOnly(text: string): Promise<boolean> {
  return (await splitStatements(text)).every(({ node }) => SHAPES.test(node))
}

/**
 * Writes the change again for the history that the shadow holds, and proves it there, with rows where that is possible.
 *
 * @returns the reason where it cannot be done
 */
export async function madeAnew(shadow: Session, have: Catalog, want: Catalog, renames: ReadonlySet<string>): Promise<Anew | string> {
  return aside(shadow, async inside => {
    const renamed = await renameIn(inside, want, have, async all => all.filter(one => renames.has(`${one.from}=${one.to}`)))
    const [up, down] = [[...renamed.statements, ...ddl(want, renamed.catalog)], [...ddl(renamed.catalog, want), ...renamed.undo]]
    const way = { up, down, want, have, inside }
    const withRows = await failureOf(way, true)
    const failure = withRows === null ? null : await failureOf(way, false)
    if (failure !== null) return failure
    return { up, down, after: want, ...lost(want, renamed), downNotes: withRows === null ? [] : [`Proved on empty tables only; with rows PostgreSQL says: ${withRows.split("\n")[0]}`] }
  })
}

/** The change of one branch, made to what the other branch has left. */
export const changeAfter = (have: Catalog, { before, after }: Change): Catalog => mergeChange(have, before, after)

async function failureOf({ up, down, want, have, inside }: { up: readonly string[]; down: readonly string[]; want: Catalog; have: Catalog; inside: Session }, rows: boolean): Promise<string | null> {
  await inside.script("begin")
  const { failure } = await prove(inside, { up, down, want, have, rows, empty: [] }).finally(() => inside.script("rollback"))
  return failure?.reason ?? null
}

const lost = (want: Catalog, renamed: Renamed): Pick<Anew, "upLoses" | "downLoses"> => ({ upLoses: losses(want, renamed.catalog), downLoses: losses(renamed.catalog, want) })
