import type { Context } from "../../core/context.ts"
import { Fault } from "../../core/fault.ts"
import { tableLeaverOf, type Filter } from "../../core/filter.ts"
import { schemasMadeBy } from "../../core/schemas-made.ts"
import type { Emptied } from "../../core/seed.ts"
import type { QualifiedName } from "../../core/subject.ts"
import type { Session } from "../../core/types.ts"
import { writtenTables } from "../../core/written-tables.ts"
import type { FullTable } from "../../pg/empty-tables.ts"
import { HOME, withSession } from "../database.ts"
import type { Home } from "./home.ts"
import type { PlannedSeed } from "./run-seeds.ts"
import type { History } from "../setup.ts"

export interface EmptyingRequest {
  readonly home: Home
  readonly seeds: readonly PlannedSeed[]
  readonly history: History
  /** Whether the seeds were named one by one: then only what they write into is emptied. */
  readonly named: boolean
  readonly yes: boolean
}

export interface Emptying {
  /** `null`: there is no table. */
  readonly sql: string | null
  /** Those that have rows. */
  readonly tables: readonly Emptied[]
}

/**
 * Which tables a run of seeds shall find empty, once somebody has said yes to it: all of the home schema and of the schemas that the migrations make, or
 * those that the named seeds write into. Throws `refused` where another table refers to one of them, `usage` where nobody is there to say yes. Changes nothing.
 */
export async function planEmptying(ctx: Context, request: EmptyingRequest): Promise<Emptying> {
  const [{ prepareSeed }, { rowCounts, truncateSql }] = await Promise.all([import("../../pg/seed-sql.ts"), import("../../pg/empty-tables.ts")])
  // what cannot run at all is refused before anybody is asked
  for (const one of request.seeds) if (one.state === "run" && one.seed.kind === "sql") await prepareSeed(one.file)
  return withSession(request.home.database, async session => {
    const all = await candidates(session, request)
    const tables = request.named ? await namedTables(request, all) : all
    await refuseReferences(session, tables, request.named)
    const counts = await rowCounts(session, tables)
    const full = tables.flatMap((table, i) => (counts[i]! > 0 ? [{ table: shown(table, request.home), rows: counts[i]! }] : []))
    await refuseUnsaid(ctx, session, request, full)
    return { sql: tables.length === 0 ? null : truncateSql(tables), tables: full }
  })
}

/** Tables of the application, or of the tenant: without what other tools own. */
async function candidates(session: Session, { home: { schema, setup }, history }: EmptyingRequest): Promise<readonly FullTable[]> {
  const { tablesOf } = await import("../../pg/empty-tables.ts")
  const made = schema === HOME ? (await Promise.all(history.files.map(file => schemasMadeBy(file.up.text)))).flat() : []
  const { schemaFilter, tablesFilter, ignore } = setup.config
  const filter: Filter = { schemas: schema === HOME ? schemaFilter : null, tables: tablesFilter, ignore }
  const left = tableLeaverOf(filter, schema)
  return (await tablesOf(session, [...new Set([schema, ...made])])).filter(table => !left(table))
}

async function namedTables({ seeds, home }: EmptyingRequest, all: readonly FullTable[]): Promise<readonly FullTable[]> {
  const found = new Set<FullTable>()
  for (const one of seeds) {
    if (one.state === "kept") continue
    const { path, kind } = one.seed
    if (kind === "ts") throw new Fault("usage", `${path} is a program, so what it writes into is not known; nothing was changed`, "nself db seed --truncate empties every table and runs every seed")
    const names = await writesOf(one.file.text)
    if (names.length === 0) throw new Fault("usage", `${path} names no table that it writes into; nothing was changed`, "leave --truncate out")
    for (const name of names) found.add(tableOf(name, path, home, all))
  }
  return all.filter(table => found.has(table))
}

/** COPY blocks stand apart: their rows are no SQL. */
async function writesOf(text: string): Promise<readonly QualifiedName[]> {
  const { splitPsql } = await import("../../core/psql-text.ts")
  return (await Promise.all((await splitPsql(text)).map(part => (part.kind === "meta" ? [] : writtenTables(part.text))))).flat()
}

function tableOf({ schema, name }: QualifiedName, path: string, home: Home, all: readonly FullTable[]): FullTable {
  const table = all.find(one => one.name === name && one.schema === (schema ?? home.schema))
  if (table) return table
  throw new Fault("refused", `${path} writes into ${schema === null ? "" : `${schema}.`}${name}, which is no table of the application here; nothing was changed`, "leave --truncate out")
}

async function refuseReferences(session: Session, tables: readonly FullTable[], named: boolean): Promise<void> {
  const { referencesTo } = await import("../../pg/empty-tables.ts")
  const references = await referencesTo(session, tables)
  if (references.length === 0) return
  const lines = references.map(({ from, key, to }) => `  ${from} refers to ${to} (${key})`)
  throw new Fault("refused", `other tables refer to what would be emptied; nothing was changed:\n${lines.join("\n")}`,
    named ? "name the seeds of these tables too (--file), or empty all: nself db seed --truncate" : "no migration made these tables: drop the foreign keys, or let a migration make their schema")
}

/** On a terminal the database's name is typed, as for a reset; elsewhere `--yes` says that somebody means it. Empty tables need no answer. */
async function refuseUnsaid(ctx: Context, session: Session, { yes, home: { database } }: EmptyingRequest, full: readonly Emptied[]): Promise<void> {
  if (yes || full.length === 0) return
  const what = full.map(({ table, rows }) => `${table} (${rows})`).join(", ")
  if (!ctx.ask) throw new Fault("usage", `--truncate would delete all rows of ${what} in ${database.label}, and nobody is there to say yes; nothing was changed`, "add --yes")
  const [row] = await session.query<{ name: string }>("select current_database()::text as name")
  const typed = await ctx.ask(`This deletes all rows of ${what} in ${database.label}. Type the database's name to go on:`, [])
  if (typed !== row!.name) throw new Fault("refused", `that is not the database's name (${row!.name}); nothing was changed`)
}

const shown = ({ schema, name }: FullTable, home: Home): string => (schema === home.schema ? name : `${schema}.${name}`)
