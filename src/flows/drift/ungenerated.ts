import { compare } from "../../core/compare.ts"
import type { Context } from "../../core/context.ts"
import type { Ungenerated } from "../../core/diff.ts"
import { Fault } from "../../core/fault.ts"
import { pruned } from "../../core/prune.ts"
import type { Catalog } from "../../core/catalog.ts"
import type { Declared } from "../../drizzle/declared.ts"
import type { Cached } from "../../files/cache.ts"
import type { Setup } from "../setup.ts"
import { declaredOf, type HistoryPlace } from "../history/histories.ts"
import type { Migration, SqlFile } from "../../core/types.ts"

/** A schema that was read, or why it was not. */
export type Schema = { readonly declared: Declared; readonly sqlFiles: readonly SqlFile[]; readonly updatedAtTriggers: boolean } | { readonly why: string }

/**
 * The declared schema, where it may be read: in prod no TypeScript of the project is run, and elsewhere than in dev a schema that does not
 * load is told, not thrown, because drift can be found without it.
 */
export async function readSchema(ctx: Context, setup: Setup): Promise<Schema> {
  const env = setup.environment.name
  if (env === "prod") return { why: "no TypeScript of the project is run with --env prod" }
  try {
    return await load(ctx, setup)
  } catch (error) {
    if (!(error instanceof Fault) || error.exit === "interrupted") throw error
    if (env === "dev" && !error.message.startsWith("no drizzle.config.ts")) throw error
    return { why: error.message.split("\n")[0]! }
  }
}

async function load(ctx: Context, setup: Setup): Promise<Schema> {
  const [{ loadConfig, loadDeclared }, { readConfig }, { readSqlFiles }] = await Promise.all([import("../../drizzle/load.ts"), import("../../files/config.ts"), import("../../files/sql-files.ts")])
  const launch = { self: ctx.self, env: ctx.env, signal: ctx.signal }
  const { root } = setup
  const config = await readConfig(root, { execute: configPath => loadConfig({ root, configPath }, launch) })
  const declared = await loadDeclared({ root, configPath: config.path, patterns: config.schema, out: config.out, casing: config.casing }, launch)
  return { declared, sqlFiles: await readSqlFiles(root, config.sql), updatedAtTriggers: config.updatedAtTriggers }
}

export interface History {
  readonly files: readonly Migration[]
  readonly catalog: Catalog
}

/** What the schema says and no migration does. */
export async function ungeneratedOf(place: HistoryPlace, schema: Schema, history: History): Promise<Ungenerated> {
  if ("why" in schema) return { looked: false, why: schema.why }
  const declared = await declaredOf(place, history.files, schema, () => made(place, schema, history))
  return { looked: true, drift: pruned(compare(declared, history.catalog), declared, history.catalog) }
}

async function made(place: HistoryPlace, schema: Exclude<Schema, { why: string }>, { catalog: history }: History): Promise<Cached> {
  const { declaredCatalog } = await import("../generate/declare.ts")
  const shadow = await place.shadows.open()
  try {
    return { engine: shadow.engine, catalog: await declaredCatalog(shadow, { ...schema, history, held: false }) }
  } finally {
    await shadow.close()
  }
}
