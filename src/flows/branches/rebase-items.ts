import type { Catalog } from "../../core/catalog.ts"
import type { Context } from "../../core/context.ts"
import { sha256 } from "../../core/checksum.ts"
import { Fault } from "../../core/fault.ts"
import { downText, isGenerated, upText } from "../../core/migration-text.ts"
import type { Migration, Session, SqlFile } from "../../core/types.ts"
import { NOBODY } from "../../core/chain.ts"
import { likeDonors, type Donor } from "../../drizzle/snapshot-donor.ts"
import { snapshotOf } from "../../drizzle/snapshot-of.ts"
import { inspect } from "../../kinds/inspect.ts"
import { knownTo, unsettled, type Item, type Snapshot } from "./branch-items.ts"
import { changeAfter, changeOf, isShapeOnly, madeAnew, type Anew, type Change } from "./made-anew.ts"
import { replay } from "../history/replay.ts"
import type { Shadows } from "../history/shadows.ts"
import { tryMigration, type Trial } from "./try-migration.ts"

/** What became of one migration. */
export interface Settled {
  readonly item: Item
  /** `kept`: not looked at; `proved`: runs and goes back as it is; `down anew`, `made anew`: written again; `unproved`: runs, but the way back is not proved. */
  readonly state: "kept" | "proved" | "down anew" | "made anew" | "unproved"
  readonly notes: readonly string[]
}

export interface Rebased {
  readonly settled: readonly Settled[]
  /** The engine that proved it. */
  readonly engine: string
}

/** The schema files' catalog after a history, for a migration that cannot be written again from what it did; `null` where the schema cannot be read. */
export type Declare = (shadow: Session, history: Catalog) => Promise<Catalog | null>

export interface RebaseInput {
  /** The migrations folder, relative to the root. */
  readonly out: string
  /** In the new order, under their new numbers. */
  readonly items: readonly Item[]
  /** Items that are known to have moved, hand-written ones without a snapshot among them. */
  readonly moved: readonly Item[]
  readonly declare: Declare
  /** Where the migrations are tried. */
  readonly shadows: Pick<Shadows, "open">
}

/**
 * Puts migrations into the order of `items`: the first that was made without its predecessors, and all behind it, are tried again on the history
 * that they now have. What still runs stays as it is; a way back that no longer leads back is made anew; a migration that no longer runs is
 * written again from what it did.
 *
 * Throws a `conflict` fault, and nothing is changed, where a migration can be neither run nor written again.
 */
export async function rebaseItems(ctx: Pick<Context, "uuid">, { out, items, moved, declare, shadows }: RebaseInput): Promise<Rebased> {
  const open = new Set([...unsettled(items), ...moved])
  if (open.size === 0) return { settled: items.map(item => ({ item, state: "kept", notes: [] })), engine: "" }
  const shadow = await shadows.open()
  try {
    const settled: Settled[] = []
    for (const item of items) settled.push(open.has(item) ? await settle({ ctx, out, shadow, items, done: settled, declare, shadows }, item) : await keep(shadow, item))
    return { settled, engine: shadow.engine }
  } finally {
    await shadow.close()
  }
}

async function keep(shadow: Session, item: Item): Promise<Settled> {
  await replay(shadow, [item.migration])
  return { item, state: "kept", notes: [] }
}

interface Work {
  readonly ctx: Pick<Context, "uuid">
  readonly out: string
  /** Holds the history that is settled by now. */
  readonly shadow: Session
  /** In the new order, as they were. */
  readonly items: readonly Item[]
  readonly done: readonly Settled[]
  readonly declare: Declare
  readonly shadows: Pick<Shadows, "open">
}

async function settle(work: Work, item: Item): Promise<Settled> {
  const { shadow, items, done, shadows } = work
  const { migration } = item
  const history = done.map(one => one.item.migration)
  const before = await inspect(shadow.query)
  const trial = await tryMigration(shadow, history, { up: migration.up.text, down: migration.down?.text ?? null, before, shadows })
  const known = knownTo(item, items.slice(0, items.indexOf(item)))
  const change = item.snapshot || !trial.runs ? await changeOf(shadows, known.map(one => one.migration), migration).catch(() => null) : null
  const kept = trial.runs ? await withDown(work, item, trial) : await writtenAgain(work, { item, before, change, reason: trial.reason })
  await replay(shadow, [kept.item.migration])
  const snapshot = await snapshotAfter(work, { item, before, change })
  return { ...kept, item: { ...kept.item, snapshot } }
}

async function withDown({ out, shadow }: Work, item: Item, trial: Extract<Trial, { runs: true }>): Promise<Settled> {
  const { migration } = item
  if (trial.down !== false) return { item, state: "proved", notes: [] }
  const made = trial.made
  if (!made || made.proved === "no") return { item, state: "unproved", notes: [`its way back is not proved: ${trial.downReason.split("\n")[0]}`] }
  const downNotes = made.proved === "rows" ? [] : [`Down was proved on empty tables only; with rows PostgreSQL says: ${made.reason}`]
  const text = downText({ name: migration.name, engine: shadow.engine, up: [], down: made.statements, upLoses: [], downLoses: made.loses, upNotes: [], downNotes }, out)
  return { item: { ...item, migration: { ...migration, down: fileOf(migration.down!.path, text) } }, state: "down anew", notes: downNotes }
}

const fileOf = (path: string, text: string): SqlFile => ({ path, text, sha256: sha256(text) })

interface Broken {
  readonly item: Item
  readonly before: Catalog
  readonly change: Change | null
  readonly reason: string
}

/** From what it did where it was made; where that makes no sense here, from the schema files, if it is the last one. */
async function writtenAgain(work: Work, { item, before, change, reason }: Broken): Promise<Settled> {
  const { out, shadow, items, declare } = work
  const { migration } = item
  if (!isGenerated(migration.up.text) || !(await isShapeOnly(migration.up.text))) throw stuck(item, reason, "it holds SQL written by hand")
  const first = change ? await madeAnew(shadow, before, changeAfter(before, change), change.renames).catch((error: Error) => error.message) : "what it did cannot be told"
  const last = items.at(-1) === item
  const want = typeof first === "string" && last ? await declare(shadow, before) : null
  const anew = want ? await madeAnew(shadow, before, want, change?.renames ?? new Set()) : first
  if (typeof anew === "string") throw stuck(item, reason, anew.split("\n")[0]!)
  return { item: { ...item, migration: withTexts(migration, anew, shadow.engine, out) }, state: "made anew", notes: [`it no longer ran: ${reason.split("\n")[0]}`, ...anew.downNotes] }
}

function withTexts(migration: Migration, anew: Anew, engine: string, out: string): Migration {
  const text = { name: migration.name, engine, up: anew.up, down: anew.down, upLoses: anew.upLoses, downLoses: anew.downLoses, upNotes: [], downNotes: anew.downNotes }
  const down = migration.down?.path ?? migration.up.path.replace(/\.sql$/, ".down.sql")
  return { ...migration, up: fileOf(migration.up.path, upText(text, out)), down: fileOf(down, downText(text, out)) }
}

function stuck({ migration: { up } }: Item, reason: string, why: string): Fault {
  return new Fault("conflict", `${up.path} does not run behind the migrations that now stand before it: ${reason.split("\n")[0]}; it cannot be written again (${why}). Nothing was changed.`,
    `change ${up.path} by hand so that it fits, then type the same command again`)
}

/** drizzle-kit's snapshot of the state that the shadow is in now, in the words of the one before and of the migration's own old one. */
async function snapshotAfter({ ctx, shadow, done }: Work, { item, before, change }: Omit<Broken, "reason">): Promise<Snapshot | null> {
  const previous = done.map(one => one.item.snapshot).findLast(one => one !== null) ?? null
  if (!item.snapshot && !isGenerated(item.migration.up.text)) return null
  const donors: Donor[] = [
    ...(previous ? [{ original: previous, written: snapshotOf(before) }] : []),
    ...(item.snapshot && change ? [{ original: item.snapshot, written: snapshotOf(change.after) }] : []),
  ]
  return { ...likeDonors(snapshotOf(await inspect(shadow.query)), donors), id: ctx.uuid(), prevId: previous?.id ?? NOBODY }
}
