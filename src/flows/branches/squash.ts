import { posix } from "node:path"
import { NOBODY } from "../../core/chain.ts"
import { sha256 } from "../../core/checksum.ts"
import type { Catalog } from "../../core/catalog.ts"
import { compare, driftLines, isSame } from "../../core/compare.ts"
import type { Context } from "../../core/context.ts"
import { Fault } from "../../core/fault.ts"
import { squashText } from "../../core/migration-text.ts"
import { checkName, pad } from "../../core/name.ts"
import { EMPTY } from "../../core/part.ts"
import { squashLine } from "../../core/squash.ts"
import type { Migration, Session } from "../../core/types.ts"
import { likeDonors } from "../../drizzle/snapshot-donor.ts"
import { snapshotOf } from "../../drizzle/snapshot-of.ts"
import { applyChanges } from "../../files/changes.ts"
import { ddl } from "../../kinds/ddl.ts"
import { inspect } from "../../kinds/inspect.ts"
import { changesFor, journalChange, readFolder, unsettled, type Item } from "./branch-items.ts"
import { rowStatements, rowsText } from "./kept-rows.ts"
import { replay } from "../history/replay.ts"
import { rolesFor } from "../adopt/roles-for.ts"
import { readHistory, setUp } from "../setup.ts"
import { shadowsOf, type Shadows } from "../history/shadows.ts"

export interface SquashRequest {
  readonly env: string | null
  readonly to: number
  /** `squashed` unless said. */
  readonly name: string | null
  readonly shadowUrl: string | null
  readonly dryRun: boolean
}

export interface SquashResult {
  readonly dryRun: boolean
  readonly name: string
  readonly path: string
  /** The migrations that it stands for. */
  readonly stands: readonly string[]
  /** INSERT statements for rows that the migrations wrote. */
  readonly rows: number
  readonly removed: number
  readonly engine: string
}

/**
 * Makes one file of the first migrations, up to a number: the schema as it is then and the rows that they wrote, shown to be equal by replay. A database that
 * has them all takes it as applied; one in the middle is told to come up to there first.
 */
export async function squash(ctx: Context, request: SquashRequest): Promise<SquashResult> {
  const setup = await setUp(ctx, request.env)
  if (request.name !== null) checkName(request.name)
  await readHistory(setup)
  const folder = await readFolder(setup)
  const taken = folder.items.filter(item => item.migration.seq <= request.to)
  refuseUnfit(folder.items, taken, request.to)
  const shadows = await shadowsOf(ctx, setup, request.shadowUrl)
  try {
    const made = await madeOne(shadows, taken.map(item => item.migration), { out: setup.out, name: `${pad(request.to)}_${request.name ?? "squashed"}` })
    const last = taken.findLast(item => item.snapshot !== null)?.snapshot ?? null
    const written = snapshotOf(made.catalog)
    const snapshot = { ...likeDonors(written, last ? [{ original: last, written }] : []), id: last?.id ?? ctx.uuid(), prevId: NOBODY }
    const item: Item = { migration: made.migration, snapshot, entry: entryFor(taken.at(-1)!, made.migration.name) }
    const items = [item, ...folder.items.filter(one => !taken.includes(one))]
    const changes = [...changesFor(folder, items), journalChange(folder, items)]
    if (!request.dryRun) await applyChanges(setup.root, setup.out, changes)
    return {
      dryRun: request.dryRun, name: made.migration.name, path: made.migration.up.path, stands: taken.map(one => one.migration.name), rows: made.rows,
      removed: changes.filter(change => change.text === null).length, engine: made.engine,
    }
  } finally {
    await shadows.close()
  }
}

/** The last one's, without what another tool called it. */
function entryFor({ entry }: Item, tag: string): Item["entry"] {
  if (!entry) return null
  const { adopted: _, ...rest } = entry
  return { ...rest, tag }
}

function refuseUnfit(all: readonly Item[], taken: readonly Item[], to: number): void {
  if (!taken.some(item => item.migration.seq === to)) throw new Fault("usage", `there is no migration ${pad(to)}`, all.length > 1 ? `nself db migrate squash --to ${pad(all.at(-1)!.migration.seq)}` : "nself db migrate status")
  if (taken.length < 2) throw new Fault("usage", `${pad(to)} is the first migration: there is nothing to squash`, "give a higher number")
  if (unsettled(all).size > 0) throw new Fault("conflict", "the snapshots do not follow one another", "nself db migrate journal rebase")
}

interface One {
  readonly migration: Migration
  readonly catalog: Catalog
  readonly rows: number
  readonly engine: string
}

async function madeOne(shadows: Shadows, files: readonly Migration[], { out, name }: { readonly out: string; readonly name: string }): Promise<One> {
  const [before, after] = [await shadows.open(), await shadows.open()]
  try {
    await replay(before, files)
    const catalog = await inspect(before.query)
    const rows = await rowStatements(before, catalog)
    const path = posix.join(out, `${name}.sql`)
    const stands = files.flatMap(file => [...(file.squashes ?? []), { name: file.name, sha256: file.up.sha256 }]).map(squashLine)
    const text = squashText({ path, statements: [...rolesFor(catalog), ...ddl(catalog, EMPTY), ...rows], engine: before.engine, count: files.length, stands })
    const migration: Migration = { seq: Number(/^\d+/.exec(name)![0]), name, up: { path, text, sha256: sha256(text) }, down: null }
    await refuseUnequal(before, after, migration, catalog)
    return { migration, catalog, rows: rows.length, engine: before.engine }
  } finally {
    await before.close()
    await after.close()
  }
}

async function refuseUnequal(before: Session, after: Session, migration: Migration, catalog: Catalog): Promise<void> {
  await replay(after, [migration])
  const drift = compare(catalog, await inspect(after.query))
  if (!isSame(drift)) throw new Fault("failed", `nothing was written: one file would not make the same:\n${driftLines(drift).slice(0, 10).join("\n")}`, "squash up to a lower number")
  if ((await rowsText(before, catalog)) !== (await rowsText(after, catalog))) throw new Fault("failed", "nothing was written: one file would not write the same rows", "squash up to a lower number")
}
