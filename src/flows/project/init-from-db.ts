import { existsSync } from "node:fs"
import { mkdtemp, readdir, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join, posix } from "node:path"
import type { Catalog, KindName } from "../../core/catalog.ts"
import { compare, driftLines } from "../../core/compare.ts"
import type { Context } from "../../core/context.ts"
import { Fault } from "../../core/fault.ts"
import { EMPTY } from "../../core/part.ts"
import type { Session } from "../../core/types.ts"
import { loadDeclared } from "../../drizzle/load.ts"
import { schemaText, type WrittenFile } from "../../drizzle/write/schema-text.ts"
import { writeGroup, type NewFile } from "../../files/write.ts"
import { ddl } from "../../kinds/ddl.ts"
import { inspect } from "../../kinds/inspect.ts"
import { viewColumns } from "../../kinds/view-columns.ts"
import { HOME, withDatabase } from "../database.ts"
import { declaredCatalog } from "../generate/declare.ts"
import { readLive } from "../drift/live.ts"
import { settle } from "../history/replay.ts"
import { setUp } from "../setup.ts"
import { shadowsOf } from "../history/shadows.ts"

export interface FromDatabase {
  readonly files: readonly NewFile[]
  readonly summary: {
    readonly database: string
    readonly engine: string
    readonly tables: number
    /** Objects that Drizzle has no word for, by kind; they come with the migrations. */
    readonly others: Readonly<Partial<Record<KindName, number>>>
    /** What the schema says otherwise than the database; empty where the proof holds. */
    readonly differences: readonly string[]
  }
  readonly next: string
}

/** Kinds that a Drizzle schema says. */
const SAID: readonly KindName[] = ["schema", "enum", "sequence", "sequence owner", "table", "column", "default", "constraint", "index", "view", "materialized view", "policy"]

/**
 * The Drizzle schema of an existing database, proved: it is loaded as a user's schema is, made in a shadow that holds the database, and read back.
 * Throws `refused` where the folder holds a schema already.
 */
export async function schemaFromDatabase(ctx: Context, request: { readonly env: string | null; readonly url: string | null }, place: { readonly root: string; readonly folder: string }): Promise<FromDatabase> {
  await refuseFilled(place)
  const setup = await setUp(ctx, request.env)
  const { live, label } = await withDatabase(ctx, setup, { url: request.url, command: "init --from-db", runId: ctx.uuid() }, async database => ({ live: await readLive(database), label: database.label }))
  const shadows = await shadowsOf(ctx, setup, null)
  try {
    const shadow = await shadows.open()
    try {
      const { catalog, written } = await rebuilt(shadow, live.catalog)
      const differences = await differencesOf(ctx, shadow, catalog, written)
      return {
        files: written.map(({ name, text }) => ({ path: posix.join(place.folder, name), text, replace: false })),
        summary: { database: label, engine: live.engine, tables: countOf(catalog, "table"), others: othersIn(catalog), differences },
        next: live.ledger.length > 0 ? "nself db migrate generate --check" : "nself db migrate baseline",
      }
    } finally {
      await shadow.close()
    }
  } finally {
    await shadows.close()
  }
}

async function refuseFilled({ root, folder }: { readonly root: string; readonly folder: string }): Promise<void> {
  const files = existsSync(join(root, folder)) ? (await readdir(join(root, folder))).filter(name => /\.[mc]?[jt]sx?$/.test(name)) : []
  if (files.length > 0) throw new Fault("refused", `${folder} holds a schema already: ${files.slice(0, 3).join(", ")}`, "move it away, or name an empty folder as `schema` in drizzle.config.ts")
}

/** The database in the shadow, as PostgreSQL reads it there, and its text. */
async function rebuilt(shadow: Session, live: Catalog): Promise<{ readonly catalog: Catalog; readonly written: readonly WrittenFile[] }> {
  await shadow.script("begin; set local check_function_bodies = off")
  const left = await settle(shadow, ddl(live, EMPTY))
  await shadow.script("commit")
  const lost = left[0]
  if (lost) throw new Fault("failed", `the embedded PostgreSQL cannot make a part of this database: ${lost.reason}\n\n${lost.statement}`, "NSELF_SHADOW_URL can name a real server that is the shadow then")
  const catalog = await inspect(shadow.query, HOME)
  return { catalog, written: schemaText(catalog, await viewColumns(shadow.query, HOME)) }
}

/** What would be generated, if the schema were generated from now. */
async function differencesOf(ctx: Context, shadow: Session, history: Catalog, written: readonly WrittenFile[]): Promise<readonly string[]> {
  const root = await mkdtemp(join(tmpdir(), "nself-from-db-"))
  try {
    await writeGroup(root, written.map(({ name, text }) => ({ path: name, text, replace: false })))
    const declared = await loadDeclared({ root, configPath: null, patterns: ["*.ts"], out: "migrations", casing: undefined }, { self: ctx.self, env: ctx.env, signal: ctx.signal })
    const want = await declaredCatalog(shadow, { declared, history, sqlFiles: [], updatedAtTriggers: false })
    return driftLines(compare(want, history))
  } finally {
    await rm(root, { recursive: true, force: true })
  }
}

function countOf({ objects }: Catalog, kind: KindName): number {
  return [...objects.values()].filter(object => object.kind === kind).length
}

function othersIn({ objects }: Catalog): FromDatabase["summary"]["others"] {
  const others = [...objects.values()].filter(object => !SAID.includes(object.kind))
  return Object.fromEntries([...Map.groupBy(others, object => object.kind)].map(([kind, group]) => [kind, group.length]))
}
