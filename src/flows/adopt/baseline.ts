import { posix } from "node:path"
import { NOBODY } from "../../core/chain.ts"
import { sha256 } from "../../core/checksum.ts"
import { driftLines, isSame } from "../../core/compare.ts"
import type { Context } from "../../core/context.ts"
import { Fault } from "../../core/fault.ts"
import { filtered } from "../../core/filter.ts"
import { EMPTY_JOURNAL, identified, journalText, type Journal } from "../../core/journal.ts"
import { baselineText } from "../../core/migration-text.ts"
import { checkName, pad } from "../../core/name.ts"
import { EMPTY } from "../../core/part.ts"
import type { Catalog } from "../../core/catalog.ts"
import type { Actor } from "../../core/audit.ts"
import type { Database, Migration } from "../../core/types.ts"
import { snapshotOf } from "../../drizzle/snapshot-of.ts"
import { applyChanges } from "../../files/changes.ts"
import { journalPath, readJournal } from "../../files/journal.ts"
import { readMigrations } from "../../files/migrations.ts"
import { snapshotPath, snapshotText } from "../../files/snapshots.ts"
import { ddl } from "../../kinds/ddl.ts"
import { inspect } from "../../kinds/inspect.ts"
import { actorOf } from "../runner/audit.ts"
import { journalFor } from "../branches/branch-items.ts"
import { HOME, withDatabase, withSession } from "../database.ts"
import { driftOf, filterOf } from "../drift/diff.ts"
import { refuseWrongMark, settleMark } from "../runner/environment-mark.ts"
import { readLive, type Live } from "../drift/live.ts"
import { replay } from "../history/replay.ts"
import { rolesFor } from "./roles-for.ts"
import { historyOf } from "../history/histories.ts"
import { readHistory, refuseUnsaidProd, setUp, type Setup } from "../setup.ts"
import { shadowsOf, type Shadows } from "../history/shadows.ts"

export interface BaselineRequest {
  readonly env: string | null
  readonly url: string | null
  readonly shadowUrl: string | null
  /** `baseline` unless said. */
  readonly name: string | null
  /** Where there are files already: the last one that the database has; the first unless said. */
  readonly to: number | null
  readonly dryRun: boolean
}

export interface Baseline {
  readonly dryRun: boolean
  readonly database: string
  /** Written; none where they were there. */
  readonly files: readonly string[]
  /** Migrations that are marked as applied. */
  readonly marked: readonly string[]
  readonly sql: string
  /** How many objects (a table with all that hangs on it is one) were left to others, by the reason. */
  readonly ignored: Readonly<Record<string, number>>
  readonly engine: string
}

/**
 * For a database that is older than its history: where there are no migrations yet, the first one is made from it and shown to make the very same; where
 * there are, it is shown to be what the first ones make. Then they are marked as applied there.
 *
 * Throws `refused` where the database has a history already, and `drift` where the shadow reads something else.
 */
export async function baseline(ctx: Context, request: BaselineRequest): Promise<Baseline> {
  const setup = await setUp(ctx, request.env)
  if (!request.dryRun) refuseUnsaidProd(setup, "db migrate baseline")
  if (request.name !== null) checkName(request.name)
  const existing = await readMigrations(setup.root, setup.out)
  const actor = await actorOf(ctx, setup, ctx.uuid())
  const shadows = await shadowsOf(ctx, setup, request.shadowUrl)
  try {
    return await withDatabase(ctx, setup, { url: request.url, command: "db migrate baseline", runId: actor.runId }, async database => {
      const live = await readLive(database)
      if (live.ledger.length > 0) throw new Fault("refused", `${database.label} has a history already, up to ${live.ledger.at(-1)!.name}`, "nself db migrate status")
      const work: Work = { ctx, setup, request, shadows, live, database, actor }
      return existing.length > 0 ? existingFiles(work) : fresh(work)
    })
  } finally {
    await shadows.close()
  }
}

interface Work {
  readonly ctx: Context
  readonly setup: Setup
  readonly request: BaselineRequest
  readonly shadows: Shadows
  readonly live: Live
  readonly database: Database
  readonly actor: Actor
}

/** Another environment's database: the files were made from the first one. */
async function existingFiles(work: Work): Promise<Baseline> {
  const { ctx, setup, request, shadows, live, database } = work
  const history = await readHistory(setup)
  const to = request.to ?? history.files[0]!.seq
  const files = history.files.filter(file => file.seq <= to)
  if (!files.some(file => file.seq === to)) throw new Fault("usage", `there is no migration ${pad(to)}`, "nself db migrate status")
  const past = await historyOf({ root: setup.root, version: ctx.version, shadows }, files)
  const { drift, ignored } = await driftOf(setup, shadows, past.catalog, live.catalog)
  if (!isSame(drift)) throw different(database.label, `what ${files.at(-1)!.name}.sql and those before it make`, driftLines(drift))
  await mark(work, files, history, async () => {})
  return { dryRun: request.dryRun, database: database.label, files: [], marked: files.map(file => file.name), sql: "", ignored, engine: past.engine }
}

function different(label: string, what: string, lines: readonly string[]): Fault {
  return new Fault("drift", `${label} is not ${what}:\n${lines.slice(0, 20).map(line => `  ${line}`).join("\n")}`, "let nself.ignore in drizzle.config.ts name what other tools own, or give --shadow-url a server like yours")
}

async function mark({ setup, request, database, actor }: Work, files: readonly Migration[], history: { readonly files: readonly Migration[]; readonly journal: Journal }, write: () => Promise<void>): Promise<void> {
  const question = { setup, history, ledger: [], command: "db migrate baseline" }
  await withSession(database, session => refuseWrongMark(session, question))
  if (request.dryRun) return
  await write()
  const { rewriteLedger } = await import("../../pg/repair.ts")
  await withSession(database, async session => {
    await rewriteLedger(session, { schema: HOME, actor, expected: [], corrections: files.map(file => ({ from: null, file, why: "row gone" })), action: "baseline", detail: "marked as applied, for the database is what it makes" })
    await settleMark(session, question)
  })
}

/** The first migration, its snapshot and its journal, from the database as it is. */
async function fresh(work: Work): Promise<Baseline> {
  const { ctx, setup, request, shadows, live, database } = work
  const journal = identified(await readJournal(setup.root, setup.out).catch(() => EMPTY_JOURNAL), ctx.uuid())
  const made = await proved(setup, shadows, live, `0001_${request.name ?? "baseline"}`, database.label)
  const entry = { idx: 0, version: "7", when: ctx.now().getTime(), tag: made.migration.name, breakpoints: true }
  const written = journalFor(journal, [{ migration: made.migration, snapshot: null, entry }])
  const snapshot = { ...snapshotOf(made.catalog), id: ctx.uuid(), prevId: NOBODY }
  const changes = [
    { path: made.migration.up.path, text: made.migration.up.text }, { path: snapshotPath(setup.out, 1), text: snapshotText(snapshot) },
    { path: journalPath(setup.out), text: journalText(written) },
  ]
  await mark(work, [made.migration], { files: [made.migration], journal: written }, () => applyChanges(setup.root, setup.out, changes))
  return {
    dryRun: request.dryRun, database: database.label, files: changes.map(change => change.path), marked: [made.migration.name], sql: made.migration.up.text,
    ignored: made.ignored, engine: made.engine,
  }
}

interface Made {
  readonly migration: Migration
  readonly catalog: Catalog
  readonly ignored: Baseline["ignored"]
  readonly engine: string
}

async function proved(setup: Setup, shadows: Shadows, live: Live, name: string, label: string): Promise<Made> {
  const { catalogs: [wanted], ignored } = filtered(filterOf(setup), HOME, [live.catalog])
  const path = posix.join(setup.out, `${name}.sql`)
  const shadow = await shadows.open()
  try {
    const text = baselineText({ path, statements: [...rolesFor(wanted!), ...ddl(wanted!, EMPTY)], engine: shadow.engine, database: live.engine })
    const migration: Migration = { seq: 1, name, up: { path, text, sha256: sha256(text) }, down: null }
    await replay(shadow, [migration])
    const catalog = await inspect(shadow.query)
    const { drift } = await driftOf(setup, shadows, catalog, live.catalog)
    if (!isSame(drift)) throw different(label, `what ${name}.sql would make`, driftLines(drift))
    return { migration, catalog, ignored, engine: shadow.engine }
  } finally {
    await shadow.close()
  }
}
