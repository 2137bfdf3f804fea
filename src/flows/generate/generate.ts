import type { Catalog } from "../../core/catalog.ts"
import { compare, driftLines, isSame } from "../../core/compare.ts"
import { sha256 } from "../../core/checksum.ts"
import type { Context } from "../../core/context.ts"
import { Fault } from "../../core/fault.ts"
import type { Generated, GenerateOptions } from "../../core/generated.ts"
import { customTexts, downText, upText } from "../../core/migration-text.ts"
import { literal } from "../../core/ident.ts"
import { checkName, nextSeq, pad } from "../../core/name.ts"
import { pruned } from "../../core/prune.ts"
import type { Migration, Session } from "../../core/types.ts"
import { loadConfig, loadForMigration, type Loaded } from "../../drizzle/load.ts"
import { writeCache } from "../../files/cache.ts"
import { readConfig, type Config } from "../../files/config.ts"
import { declaredNames, type DeclaredName } from "../../files/declared-names.ts"
import { readEnvironment } from "../../files/environment.ts"
import { findRoot } from "../../files/project.ts"
import { readSnapshot } from "../../files/snapshots.ts"
import { writeMigration } from "../../files/write-migration.ts"
import { ddl } from "../../kinds/ddl.ts"
import { labelsGone } from "../../kinds/labels-gone.ts"
import { losses } from "../../kinds/loss.ts"
import { withPlatform } from "../project/platform.ts"
import { prove, type Failure } from "./prove.ts"
import { notesOf } from "./notes.ts"
import { deciderOf, nothingToRename, renameIn, type Renamed } from "./rename.ts"
import type { Straight } from "./straight.ts"
import { historyIn, wantedIn, type WantedInput } from "./wanted.ts"
import { historyKey } from "../history/histories.ts"
import { replay } from "../history/replay.ts"
import { outFolder, readHistory } from "../setup.ts"
import { shadowsOf, type Shadows } from "../history/shadows.ts"

/** Makes the next migration from what the Drizzle schema says and the history does not, proves it, and writes it whole or not at all. */
export async function generate(ctx: Context, options: GenerateOptions): Promise<Generated> {
  if (options.fromDb) return (await import("./absorb.ts")).absorb(ctx, options)
  const launch = { self: ctx.self, env: ctx.env, signal: ctx.signal }
  const root = findRoot(ctx.cwd)
  if (!options.custom && !options.shadowUrl && !ctx.env["NSELF_SHADOW_URL"]) void import("../../shadow/shadow.ts").then(({ prepareShadow }) => prepareShadow())
  const config = await withPlatform(await readConfig(root, { execute: configPath => loadConfig({ root, configPath }, launch) }))
  const { files: migrations } = await readHistory({ root, out: outFolder(root, config.out) })
  const name = nameOf(options, migrations)
  if (options.custom) return writeCustom(ctx, config, name)
  const loading = loadForMigration({ root, configPath: config.path, patterns: config.schema, out: config.out, casing: config.casing }, launch)
  loading.catch(() => {}) // told below, once the shadow can be closed
  const shadows = await shadowsOf(ctx, { environment: await readEnvironment(root, options.env, ctx.env) }, options.shadowUrl ?? null)
  const place = { root, version: ctx.version, shadows }
  const made = await inShadow(shadows, async shadow => {
    const history = await historyIn(shadow, place, migrations)
    return make(ctx, options, { config, migrations, name, ...(await loading), place, shadow, ...history })
  }).finally(async () => {
    await shadows.close()
    await loading.then(loaded => loaded.close()).catch(() => {})
  })
  return made.status === "nothing" && mends(options) ? (await import("./mend.ts")).mend(ctx, options) : made
}

/** `fix_drift_from_20260507`: where the schema has nothing new, it is the database that has to change. */
const mends = ({ name, check }: GenerateOptions): boolean => name?.startsWith("fix_drift") === true && !check

/** Works in a shadow; the user's code is loaded in a child while it starts. */
async function inShadow<T>(shadows: Shadows, work: (shadow: Session) => Promise<T>): Promise<T> {
  const shadow = await shadows.open()
  try {
    return await work(shadow)
  } finally {
    await shadow.close()
  }
}

export function nameOf(options: GenerateOptions, migrations: readonly Migration[]): string {
  const seq = pad(nextSeq(migrations.map(migration => migration.seq)))
  if (options.name !== null) return `${seq}_${checkName(options.name)}`
  if (options.check || options.dryRun) return `${seq}_unnamed`
  throw new Fault("usage", "a migration needs a name", "nself db migrate generate --name add_documents_table")
}

interface Work extends WantedInput {
  readonly name: string
  /** drizzle-kit's, made while the migration is proved. */
  readonly snapshot: Loaded["snapshot"]
}

async function make(ctx: Context, options: GenerateOptions, work: Work): Promise<Generated> {
  const { config, migrations, name, declared, place, shadow, have, held } = work
  const written = !options.check && !options.dryRun
  if (written && migrations.length === 0) work.snapshot().catch(() => {}) // almost surely needed, and made by then
  const { want, straight } = await wantedIn(work)
  const engine = shadow.engine
  const notes = notesOf(declared, want, have)
  if (isSame(compare(want, have)) && options.renames.length > 0) throw nothingToRename(options.renames[0]!, "history")
  if (isSame(compare(want, have))) return { status: "nothing", files: [], up: "", down: "", warnings: notes, engine }
  if (options.check) return { status: "needed", files: [], up: "", down: "", warnings: notes, engine, changes: driftLines(pruned(compare(want, have), want, have)) }
  refuseHidden(want, have, await declaredNames(config.root, declared.sources))
  const { decide, unused } = deciderOf(ctx, options)
  if (!held) await replay(shadow, migrations)
  const snapshot = written ? work.snapshot() : null
  snapshot?.catch(() => {}) // told below, if it comes to that
  const renamed = await renameIn(shadow, want, have, decide)
  const typo = unused()[0]
  if (typo !== undefined) throw nothingToRename(typo, "history")
  const proved = await provedWay({ want, have, renamed, empty: options.assumeEmpty, migrations, shadows: place.shadows, shadow, straight })
  const text = { name, engine, ...proved.ways, upLoses: losses(want, renamed.catalog), downLoses: losses(renamed.catalog, want), upNotes: proved.upNotes, downNotes: proved.downNotes }
  const out = config.out.replace(/^\.\//, "")
  const [up, down] = [upText(text, out), downText(text, out)]
  const warnings = [...notes, ...(text.upLoses.length > 0 ? [`this migration loses data: ${text.upLoses.join(", ")}`] : []), ...proved.upNotes]
  if (options.dryRun) return { status: "dry-run", files: [], up, down, warnings, engine }
  const files = await writeMigration(config.root, config.out, { name, up, down, snapshot: await chained(config, migrations, await snapshot!), when: ctx.now().getTime() })
  await writeCache(config.root, historyKey(place, [...migrations, { up: { sha256: sha256(up) } }]), { engine, catalog: proved.after })
  return { status: "written", files, up, down, warnings, engine }
}

/** Each snapshot names the one before it; the first names nobody. */
async function chained(config: Config, migrations: readonly Migration[], snapshot: unknown): Promise<unknown> {
  for (const migration of migrations.toReversed()) {
    const before = await readSnapshot(config.root, config.out, migration.seq) as { readonly id?: string } | null
    if (before?.id !== undefined) return { ...(snapshot as object), prevId: before.id }
  }
  return { ...(snapshot as object), prevId: "00000000-0000-0000-0000-000000000000" }
}

/** A table that would be dropped while its declaration still stands in a source file: somebody lost an `export`. */
function refuseHidden(want: Catalog, have: Catalog, names: readonly DeclaredName[]): void {
  const gone = compare(want, have).extra.filter(object => object.kind === "table")
  const hidden = gone.map(table => ({ table, place: names.find(one => one.name === table.key.split(".").at(-1)) })).find(one => one.place)
  if (!hidden) return
  throw new Fault("refused", `table ${hidden.table.key} would be dropped, but ${hidden.place!.file}:${hidden.place!.line} still declares it`,
    "export it from its schema file, or delete its declaration to drop the table")
}

interface Way {
  readonly want: Catalog
  readonly have: Catalog
  readonly renamed: Renamed
  readonly empty: readonly string[]
  readonly migrations: readonly Migration[]
  readonly shadows: Shadows
  readonly shadow: Session
  readonly straight: Straight | null
}
interface Proved {
  /** The catalog that history and up give. */
  readonly after: Catalog
  readonly ways: { readonly up: readonly string[]; readonly down: readonly string[] }
  readonly upNotes: readonly string[]
  readonly downNotes: readonly string[]
}

/** A value added to an enum cannot be used in its own transaction; PostgreSQL says so with this SQLSTATE. */
const UNSAFE_NEW_ENUM_VALUE = "55P04"

async function provedWay(way: Way): Promise<Proved> {
  const first = await attempt(way, way.shadow, { swapEnums: false, rows: true }, way.straight)
  if (first.failure === null) return first.proved
  const swapEnums = first.failure.code === UNSAFE_NEW_ENUM_VALUE
  const second = swapEnums ? await inFresh(way, { swapEnums, rows: true }) : first
  if (second.failure === null) return second.proved
  if (second.failure.direction === "up") throw unproved(second.failure)
  const third = await inFresh(way, { swapEnums, rows: false })
  if (third.failure !== null) throw unproved(third.failure)
  return { ...third.proved, downNotes: [`Down was proved on empty tables only; with rows PostgreSQL says: ${second.failure.reason.split("\n")[0]}`] }
}

async function inFresh(way: Way, how: { readonly swapEnums: boolean; readonly rows: boolean }) {
  return inShadow(way.shadows, async shadow => {
    await replay(shadow, way.migrations)
    return attempt(way, shadow, how)
  })
}

async function attempt({ want, have, renamed, empty }: Way, shadow: Session, { swapEnums, rows }: { readonly swapEnums: boolean; readonly rows: boolean }, straight: Straight | null = null) {
  const up = [...renamed.statements, ...ddl(want, renamed.catalog, { swapEnums })]
  const down = [...ddl(renamed.catalog, want), ...renamed.undo]
  const proof = await prove(shadow, { up, down, want, have, rows, empty, straight })
  if (proof.failure) return { failure: proof.failure }
  const upNotes = [
    ...labelsGone(want, renamed.catalog).filter(({ columns }) => columns.length > 0).map(({ labels, columns }) => `Fails, and changes nothing, while a row has ${labels.map(literal).join(" or ")} in ${columns.join(", ")}.`),
    ...proof.bare.map(table => `Proved without rows in ${table}.`),
    ...empty.map(table => `Works only while table ${table} is empty (--assume-empty).`),
  ]
  return { failure: null, proved: { ways: { up, down }, after: proof.after, upNotes, downNotes: [] } satisfies Proved }
}

/** Values of one type that the other one does not take, or types without a conversion. Source: PostgreSQL docs, Appendix A. */
const NO_CONVERSION = ["22P02", "22001", "22003", "22007", "22008", "42804", "42846"]

const BY_HAND = "nself db migrate generate --custom --name <name>"
const unproved = ({ direction, code, reason }: Failure): Fault => new Fault(
  "failed",
  `nothing was written: the ${direction} migration cannot be proved on tables with rows: ${reason}`,
  direction === "down" ? BY_HAND
    : NO_CONVERSION.includes(code ?? "") ? `write the conversion by hand: ${BY_HAND}, or say that the table has no rows: --assume-empty <table>`
    : `give a new NOT NULL column a default, or --assume-empty <table>, or write the SQL by hand: ${BY_HAND}`,
)

async function writeCustom(ctx: Context, config: Config, name: string): Promise<Generated> {
  const texts = customTexts(name, config.out.replace(/^\.\//, ""))
  const files = await writeMigration(config.root, config.out, { name, ...texts, snapshot: null, when: ctx.now().getTime() })
  return { status: "written", files, ...texts, warnings: [], engine: "" }
}
