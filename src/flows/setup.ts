import { existsSync } from "node:fs"
import { join, posix, relative, resolve, sep } from "node:path"
import type { Context } from "../core/context.ts"
import { Fault } from "../core/fault.ts"
import { matchJournal, type Journal } from "../core/journal.ts"
import { refuseConflicts } from "../core/plan.ts"
import { showRowData } from "../core/row-data.ts"
import { secretsOf } from "../core/redact.ts"
import type { Migration } from "../core/types.ts"
import { readConfig, type Config } from "../files/config.ts"
import { readEnvironment, type Environment } from "../files/environment.ts"
import { journalPath, readJournal } from "../files/journal.ts"
import { isWriting } from "../files/lock.ts"
import { readMigrations } from "../files/migrations.ts"
import { findRoot, isProject } from "../files/project.ts"
import { DATA_FOLDER } from "../shadow/data-folder.ts"
import { withPlatform } from "./project/platform.ts"

/** Where the person stands, read once; nothing of the user's code was executed. */
export interface Setup {
  /** Absolute path of the project. */
  readonly root: string
  /** The migrations folder, relative to `root`, with `/`. */
  readonly out: string
  readonly environment: Environment
  readonly config: Config
}

/** Finds the project and reads its environment files and its config as data. `env` is the value of `--env`. */
export async function setUp(ctx: Context, env: string | null): Promise<Setup> {
  const root = findRoot(ctx.cwd)
  const environment = await readEnvironment(root, env, ctx.env)
  for (const secret of secretsOf(environment.env)) ctx.hide?.(secret)
  showRowData(ctx.showDetail === true || environment.name === "dev" || environment.name === "test")
  if (ctx.trace) for (const line of (await import("../core/environment-lines.ts")).environmentLines(environment, ctx.env)) ctx.talk(line)
  const config = await withPlatform(await readConfig(root, { execute: false }))
  for (const secret of secretsOf(texts(config.credentials))) ctx.hide?.(secret)
  return { root, out: outFolder(root, config.out), environment, config }
}

/** A wrong folder must not look like a database that is up to date. Throws a `usage` fault where there is nothing of a project. */
export function refuseElsewhere({ root, out }: Pick<Setup, "root" | "out">): void {
  if (isProject(root) || existsSync(join(root, out))) return
  throw new Fault("usage", `no drizzle.config.ts and no migrations in ${root}`, "go to the project's folder, or begin one here: nself init")
}

/** The config's `out`, however it was written, relative to the root. */
export function outFolder(root: string, out: string): string {
  return relative(root, resolve(root, out)).split(sep).join(posix.sep) || "."
}

export interface History {
  readonly files: readonly Migration[]
  readonly journal: Journal
}

/** How long a reading is tried again while another nself is writing. Milliseconds. */
const WRITING_MS = 2_000

/**
 * The migrations with the journal that names them; refuses when the two do not fit each other or two files carry one number. Folder and journal cannot be read
 * in one moment: what does not fit is read once more, and again while somebody is writing.
 */
export async function readHistory(at: Pick<Setup, "root" | "out">): Promise<History> {
  for (let waited = 0; ; waited += 25) {
    try {
      return await readOnce(at)
    } catch (fault) {
      if (!(fault instanceof Fault) || waited > WRITING_MS || (waited > 0 && !isWriting(at.root, at.out))) throw fault
      await Bun.sleep(25)
    }
  }
}

async function readOnce({ root, out }: Pick<Setup, "root" | "out">): Promise<History> {
  const files = await readMigrations(root, out)
  const journal = await readJournal(root, out)
  refuseConflicts(files, new Set(journal.entries.map(entry => entry.tag)))
  matchJournal(journal, files, journalPath(out))
  return { files, journal }
}

/** Production is changed only when `--env prod` was typed; a variable that says so is not enough. `command`: `db migrate up`. */
export function refuseUnsaidProd({ environment }: Setup, command: string): void {
  if (environment.name !== "prod" || environment.saidBy === "flag") return
  throw new Fault("refused", `\`nself ${command}\` would change production, because NSELF_ENV or ENV says so; that must be typed`, `nself ${command} --env prod`)
}

/** The folder of the embedded database. */
export function embeddedFolder({ root }: Setup): string {
  return join(root, ".nself")
}

/** Whether the project has an embedded database; its folder may hold caches alone. */
export function hasEmbedded(setup: Setup): boolean {
  return existsSync(join(embeddedFolder(setup), DATA_FOLDER))
}

function texts(object: Readonly<Record<string, unknown>> | null): Record<string, string> {
  return Object.fromEntries(Object.entries(object ?? {}).filter((pair): pair is [string, string] => typeof pair[1] === "string"))
}
