import type { Catalog } from "../../core/catalog.ts"
import type { Context } from "../../core/context.ts"
import { Fault } from "../../core/fault.ts"
import { DIRECTIVE } from "../../core/mend.ts"
import { adoptedDownText } from "../../core/migration-text.ts"
import { splitStatements } from "../../core/statements.ts"
import type { Migration, PgError, Session } from "../../core/types.ts"
import { inspect } from "../../kinds/inspect.ts"
import { ONLY_OUTSIDE } from "../catalog-after.ts"
import { replay } from "../replay.ts"
import type { Shadows } from "../shadows.ts"
import { tryMigration } from "../try-migration.ts"
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
  let shadow = await shadows.open()
  const done: (Coming & { wayDown: WayDown })[] = []
  try {
    let before = downs ? await inspect(shadow.query) : null
    for (const [i, one] of all.entries()) {
      if (i > 0 && i % WORD_EVERY === 0) ctx.talk(`${i} of ${all.length} migrations replayed`)
      const history = done.map(other => other.migration)
      const fitting = await fitted(shadow, shadows, history, one)
      const way = before && !fitting.coming.migration.down ? await downFor(fitting.before, history, fitting.coming, before) : { ...fitting.coming, wayDown: fitting.coming.migration.down ? "own" as const : "none" as const }
      shadow = fitting.shadow
      await replay(shadow, [way.migration])
      if (before) before = await inspect(shadow.query)
      done.push(way)
    }
    return { coming: done, catalog: before ?? (await inspect(shadow.query)), engine: shadow.engine }
  } catch (error) {
    throw withSetupHint(error)
  } finally {
    await shadow.close()
  }
}

interface Fitted {
  readonly coming: Coming
  /** Still holds the history before the migration. */
  readonly before: Session
  readonly shadow: Session
}

/** A file that PostgreSQL only runs statement by statement says so in its first line from now on. */
async function fitted(shadow: Session, shadows: Shadows, history: readonly Migration[], coming: Coming): Promise<Fitted> {
  const { migration } = coming
  const code = await codeOf(shadow, migration)
  if (code === null || !ONLY_OUTSIDE.includes(code)) return { coming, before: shadow, shadow }
  const up = fileOf(migration.up.path, `${DIRECTIVE}\n${migration.up.text}`)
  const fresh = await shadows.open()
  await replay(fresh, history)
  await shadow.close()
  const state = coming.state === "kept" ? "mended" : coming.state
  return { coming: { ...coming, state, migration: { ...migration, up }, notes: [...coming.notes, "runs statement by statement: in one transaction PostgreSQL refuses it"] }, before: fresh, shadow: fresh }
}

/** PostgreSQL's objection to the whole file in one transaction, tried and taken back. */
async function codeOf(shadow: Session, { up }: Migration): Promise<string | null> {
  const statements = await splitStatements(up.text)
  if (statements.some(one => one.splits || one.control || !one.transactional || one.psql || one.trouble !== null)) return null
  await shadow.script("begin")
  const said = await shadow.script(up.text).then(() => null, (error: Error & PgError) => error)
  await shadow.script("rollback")
  return said?.code ?? null
}

async function downFor(shadow: Session, history: readonly Migration[], coming: Coming, before: Catalog): Promise<Coming & { readonly wayDown: WayDown }> {
  const { migration } = coming
  const trial = await tryMigration(shadow, history, { up: migration.up.text, down: null, before })
  if (!trial.runs || !trial.made || trial.made.proved === "no") {
    const reason = trial.runs ? (trial.made?.reason ?? "") : trial.reason
    return { ...coming, wayDown: "none", notes: [...coming.notes, `no way back could be proved: ${reason.split("\n")[0]}`] }
  }
  const { statements, loses, proved, reason } = trial.made
  const notes = [
    ...(proved === "rows" ? [] : [`Proved on empty tables only; with rows PostgreSQL says: ${reason}`]),
    ...((await movesRows(migration.up.text)) ? ["The rows that the way up writes or changes are not given back."] : []),
  ]
  const path = migration.up.path.replace(/\.sql$/, ".down.sql")
  const down = fileOf(path, adoptedDownText({ path, statements, loses, engine: shadow.engine, notes }))
  return { ...coming, migration: { ...migration, down }, wayDown: proved === "rows" ? "made" : "made, empty tables" }
}

async function movesRows(text: string): Promise<boolean> {
  return (await splitStatements(text)).some(one => ["InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt", "DoStmt", "CopyStmt", "CallStmt", "TruncateStmt"].includes(one.node))
}

/** What a hosting platform brings along, nobody can replay: the config can say it. */
function withSetupHint(error: unknown): unknown {
  const code = ((error as Error).cause as Partial<PgError> | undefined)?.code ?? ""
  if (!(error instanceof Fault) || !["3F000", "42883", "42704", "42P01"].includes(code)) return error
  return new Fault(error.exit, error.message, `if a hosting platform makes this, say it in an SQL file and name it in drizzle.config.ts: nself: { shadow: { setup: "./shadow.sql" } }; else ${error.hint ?? "mend the file"}`, error.cause)
}
