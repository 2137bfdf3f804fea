import type { Catalog } from "../../core/catalog.ts"
import type { Context } from "../../core/context.ts"
import { Fault } from "../../core/fault.ts"
import { DIRECTIVE } from "../../core/mend.ts"
import { adoptedDownText } from "../../core/migration-text.ts"
import { splitStatements } from "../../core/statements.ts"
import type { PgError, Session } from "../../core/types.ts"
import { inspect } from "../../kinds/inspect.ts"
import { plantRows } from "../../kinds/rows.ts"
import { ONLY_OUTSIDE, runsInside } from "../history/catalog-after.ts"
import { aside } from "../history/nested.ts"
import { replay } from "../history/replay.ts"
import type { Shadows } from "../history/shadows.ts"
import { leadsBack, untouched, wayBack } from "../branches/way-back.ts"
import { fileOf, type Coming } from "./files.ts"

/** How a migration goes back: with its own file, with one that was made, or not at all. */
export type WayDown = "own" | "made" | "made, empty tables" | "none"

export interface Walked {
  readonly coming: readonly (Coming & { readonly wayDown: WayDown })[]
  /** What all of them make. */
  readonly catalog: Catalog
  readonly engine: string
}

/** How many migrations between two words to whoever waits. */
const WORD_EVERY = 25

/** Replays everything once, oldest first, and makes a way back for each migration that has none, proved where it is made. */
export async function walk(ctx: Pick<Context, "talk">, shadows: Shadows, all: readonly Coming[], downs: boolean): Promise<Walked> {
  const shadow = await shadows.open()
  const done: (Coming & { wayDown: WayDown })[] = []
  try {
    let before = downs ? await inspect(shadow.query) : null
    for (const [i, one] of all.entries()) {
      if (i > 0 && i % WORD_EVERY === 0) ctx.talk(`${i} of ${all.length} migrations replayed`)
      const coming = await replayed(shadow, one)
      const after = before && (await inspect(shadow.query))
      done.push(before && after ? await wayDownOf(shadow, coming, before, after) : { ...coming, wayDown: coming.migration.down ? "own" : "none" })
      before = after
    }
    return { coming: done, catalog: before ?? (await inspect(shadow.query)), engine: shadow.engine }
  } catch (error) {
    throw withSetupHint(error)
  } finally {
    await shadow.close()
  }
}

/** A file that PostgreSQL runs only statement by statement says so in its first line from now on. What it did in one message was taken back with it. */
async function replayed(shadow: Session, coming: Coming): Promise<Coming> {
  const { migration } = coming
  try {
    await replay(shadow, [migration])
    return coming
  } catch (error) {
    const { code } = ((error as Error).cause ?? {}) as Partial<PgError>
    if (!code || !ONLY_OUTSIDE.includes(code) || migration.up.text.startsWith(DIRECTIVE)) throw error
    const up = fileOf(migration.up.path, `${DIRECTIVE}\n${migration.up.text}`)
    await replay(shadow, [{ ...migration, up }])
    const state = coming.state === "kept" ? "mended" : coming.state
    return { ...coming, state, migration: { ...migration, up }, notes: [...coming.notes, "runs statement by statement: in one transaction PostgreSQL refuses it"] }
  }
}

async function wayDownOf(shadow: Session, coming: Coming, before: Catalog, after: Catalog): Promise<Coming & { readonly wayDown: WayDown }> {
  const { down } = coming.migration
  if (!down) return downFor(shadow, coming, before, after)
  const inside = await runsInside(down.text)
  const reason = inside ? await aside(shadow, session => leadsBack(session, [down.text], before)) : null
  return { ...coming, wayDown: "own", notes: [...coming.notes, ...(reason === null ? [] : [`its own way back does not lead back: ${reason.split("\n")[0]}`])] }
}

/** From `after`, which the shadow holds, back to `before`: with rows in the tables that are concerned; where only the rows are in the way, without. */
async function downFor(shadow: Session, coming: Coming, before: Catalog, after: Catalog): Promise<Coming & { readonly wayDown: WayDown }> {
  const { migration } = coming
  const { statements, loses } = await wayBack(shadow, before, after)
  const proof = (rows: boolean) => aside(shadow, async inside => {
    if (rows) await plantRows(inside, after, untouched(before, after))
    return leadsBack(inside, statements, before)
  })
  const withRows = await proof(true)
  const without = withRows === null ? null : await proof(false)
  if (without !== null) return { ...coming, wayDown: "none", notes: [...coming.notes, `no way back could be proved: ${without.split("\n")[0]}`] }
  const notes = [
    ...(withRows === null ? [] : [`Proved on empty tables only; with rows PostgreSQL says: ${withRows.split("\n")[0]}`]),
    ...((await movesRows(migration.up.text)) ? ["The rows that the way up writes or changes are not given back."] : []),
  ]
  const path = migration.up.path.replace(/\.sql$/, ".down.sql")
  const down = fileOf(path, adoptedDownText({ path, statements, loses, engine: shadow.engine, notes }))
  return { ...coming, migration: { ...migration, down }, wayDown: withRows === null ? "made" : "made, empty tables" }
}

async function movesRows(text: string): Promise<boolean> {
  return (await splitStatements(text)).some(one => ["InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt", "DoStmt", "CopyStmt", "CallStmt", "TruncateStmt"].includes(one.node))
}

/** What a hosting platform brings along, nobody can replay: the config can say it. */
function withSetupHint(error: unknown): unknown {
  const code = ((error as Error).cause as Partial<PgError> | undefined)?.code ?? ""
  if (error instanceof Fault && ["0A000", "58P01"].includes(code) && /extension/.test(error.message)) {
    return new Fault(error.exit, error.message, "let a server that has it be the shadow: --shadow-url <url>", error.cause)
  }
  if (!(error instanceof Fault) || !["3F000", "42883", "42704", "42P01"].includes(code)) return error
  return new Fault(error.exit, error.message, `if a hosting platform makes this, say it in an SQL file and name it in drizzle.config.ts: nself: { shadow: { setup: "./shadow.sql" } }; else ${error.hint ?? "mend the file"}`, error.cause)
}
