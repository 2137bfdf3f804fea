import type { Catalog, Drift } from "../../core/catalog.ts"
import { compare, isSame } from "../../core/compare.ts"
import type { Context } from "../../core/context.ts"
import { Fault } from "../../core/fault.ts"
import { leaverOf } from "../../core/filter.ts"
import type { Absorbed, Generated, GenerateOptions } from "../../core/generated.ts"
import { downText, upText } from "../../core/migration-text.ts"
import { pendingOf } from "../../core/plan.ts"
import { pruned } from "../../core/prune.ts"
import type { Database, Migration, Session } from "../../core/types.ts"
import { schemaLines } from "../../drizzle/lines.ts"
import { likeDonors } from "../../drizzle/snapshot-donor.ts"
import { snapshotOf } from "../../drizzle/snapshot-of.ts"
import { readMigrations } from "../../files/migrations.ts"
import { readSnapshot } from "../../files/snapshots.ts"
import { writeMigration } from "../../files/write-migration.ts"
import { ddl } from "../../kinds/ddl.ts"
import { inspect } from "../../kinds/inspect.ts"
import { actorOf } from "../runner/audit.ts"
import { HOME, withDatabase, withSession } from "../database.ts"
import { appliedFiles, adopted, filterOf, textNotes } from "../drift/diff.ts"
import { refuseWrongMark } from "../runner/environment-mark.ts"
import { nameOf } from "./generate.ts"
import { readLive, type Live } from "../drift/live.ts"
import { madeAnew, type Anew } from "../branches/made-anew.ts"
import { replay } from "../history/replay.ts"
import { readHistory, refuseUnsaidProd, setUp, type Setup } from "../setup.ts"
import { shadowsOf, type Shadows } from "../history/shadows.ts"
import { survive } from "../history/survive.ts"

const COMMAND = "db migrate generate"

/**
 * The migration that makes the history agree with a database that somebody changed by hand. It is proved like any other, written like any other, and
 * recorded in that database as applied: there it is what is already true.
 */
export async function absorb(ctx: Context, options: GenerateOptions): Promise<Generated> {
  const setup = await setUp(ctx, options.env)
  if (!options.dryRun && !options.check) refuseUnsaidProd(setup, `${COMMAND} --from-db`)
  const history = await readHistory(setup)
  const name = nameOf(options, history.files)
  const actor = await actorOf(ctx, setup, ctx.uuid())
  const shadows = await shadowsOf(ctx, setup, options.shadowUrl ?? null)
  try {
    return await withDatabase(ctx, setup, { url: options.url ?? null, command: COMMAND, runId: actor.runId }, async database => {
      const live = await readLive(database)
      await withSession(database, session => refuseWrongMark(session, { setup, history, ledger: live.ledger, command: COMMAND }))
      refuseBehind(history.files, live)
      const made = await madeFrom(setup, shadows, history.files, live)
      if (!made) return { status: "nothing", files: [], up: "", down: "", warnings: [], engine: "", absorbed: { database: database.label, imports: [], declarations: [], edits: [] } }
      const texts = textsOf(setup, name, made)
      const absorbed: Absorbed = { database: database.label, ...schemaLines(made.drift, made.anew.after) }
      const result = { files: [], ...texts, warnings: made.notes, engine: made.engine, absorbed }
      if (options.check || options.dryRun) return { ...result, status: options.check ? "needed" : "dry-run" }
      const snapshot = await snapshotAfter(ctx, setup, history.files, made)
      const files = await writeMigration(setup.root, setup.out, { name, ...texts, snapshot, when: ctx.now().getTime() })
      await record(database, setup, actor, live, name)
      return { ...result, status: "written", files }
    })
  } finally {
    await shadows.close()
  }
}

/** A migration that takes the database over stands behind all others, so the database must have all others. */
export function refuseBehind(files: readonly Migration[], { ledger }: Live): void {
  appliedFiles(files, ledger)
  const pending = pendingOf(files, ledger)
  if (pending.length > 0) throw new Fault("refused", `the database does not have ${pending.map(file => file.name).join(", ")} yet, so what was changed by hand cannot be told from what is pending`, "nself db migrate up")
}

interface Made {
  /** `extra`: what the database has and the history did not. */
  readonly drift: Drift
  readonly before: Catalog
  readonly anew: Anew
  readonly engine: string
  readonly notes: readonly string[]
}

/** `null`: the database is what the history makes. */
async function madeFrom(setup: Setup, shadows: Shadows, files: readonly Migration[], live: Live): Promise<Made | null> {
  const shadow = await shadows.open()
  try {
    await replay(shadow, files)
    const before = await inspect(shadow.query, HOME)
    const goal = withoutOthers(setup, before, live.catalog)
    const survived = await survive(shadows, before, goal)
    if (isSame(survived.drift)) return null
    const after = await afterwards(shadows, files, ddl(adopted(goal, before, survived.drift), before))
    const anew = await madeAnew(shadow, before, after, new Set())
    if (typeof anew === "string") throw new Fault("failed", `nothing was written: the migration cannot be proved: ${anew}`, `write it by hand: nself ${COMMAND} --custom --name <name>`)
    return { drift: pruned(compare(before, after), before, after), before, anew, engine: shadow.engine, notes: textNotes(survived) }
  } finally {
    await shadow.close()
  }
}

/** The database's catalog; what belongs to others by the config is as the history has it. */
export function withoutOthers(setup: Pick<Setup, "config">, history: Catalog, live: Catalog): Catalog {
  const leaver = leaverOf(filterOf(setup), HOME)
  const own = [...live.objects].filter(([, object]) => leaver(live, object) === null)
  const kept = [...history.objects].filter(([, object]) => leaver(history, object) !== null)
  return { objects: new Map([...own, ...kept]), needs: new Map([...history.needs, ...live.needs]) }
}

/** What the shadow reads once the database's own changes are made to the history there: PostgreSQL's own text of them, on one engine. */
async function afterwards(shadows: Shadows, files: readonly Migration[], statements: readonly string[]): Promise<Catalog> {
  const shadow: Session = await shadows.open()
  try {
    await replay(shadow, files)
    await shadow.script("set check_function_bodies = off")
    for (const statement of statements) await run(shadow, statement)
    return await inspect(shadow.query, HOME)
  } finally {
    await shadow.close()
  }
}

async function run(shadow: Session, statement: string): Promise<void> {
  try {
    await shadow.script(statement)
  } catch (error) {
    throw new Fault("failed", `nothing was written: the shadow cannot make what the database has: ${(error as Error).message}\n\n${statement}`, "--shadow-url <url> lets a real server be the shadow, one that has the same extensions", error)
  }
}

function textsOf({ out, environment }: Setup, name: string, { anew, engine }: Made): { readonly up: string; readonly down: string } {
  const text = {
    name, engine, up: anew.up, down: anew.down, upLoses: anew.upLoses, downLoses: anew.downLoses,
    upNotes: [`Takes over what was changed by hand in the database of env ${environment.name}; there it is recorded as applied.`], downNotes: anew.downNotes,
  }
  return { up: upText(text, out), down: downText(text, out) }
}

const NOBODY = "00000000-0000-0000-0000-000000000000"

async function snapshotAfter(ctx: Context, { root, out }: Setup, files: readonly Migration[], { before, anew }: Made): Promise<unknown> {
  for (const file of files.toReversed()) {
    const previous = await readSnapshot(root, out, file.seq) as Parameters<typeof likeDonors>[1][number]["original"] & { readonly id?: string } | null
    if (previous?.id !== undefined) return { ...likeDonors(snapshotOf(anew.after), [{ original: previous, written: snapshotOf(before) }]), id: ctx.uuid(), prevId: previous.id }
  }
  return { ...snapshotOf(anew.after), id: ctx.uuid(), prevId: NOBODY }
}

async function record(database: Database, setup: Setup, actor: Awaited<ReturnType<typeof actorOf>>, live: Live, name: string): Promise<void> {
  const { rewriteLedger } = await import("../../pg/repair.ts")
  const file = (await readMigrations(setup.root, setup.out)).find(one => one.name === name)!
  const detail = "made from this database, so it is already what the database is"
  try {
    await withSession(database, session => rewriteLedger(session, { schema: HOME, actor, expected: live.ledger, corrections: [{ from: null, file, why: "row gone" }], action: "absorb", detail }))
  } catch (error) {
    throw new Fault("failed", `${file.up.path} was written, but could not be recorded as applied in ${database.label}: ${(error as Error).message}`, `take the file away again (git clean, git checkout), then type the same command again`, error)
  }
}
