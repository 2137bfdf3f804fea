import { Fault } from "../../core/fault.ts"
import { constantOf, isNextval } from "../../core/mock/check.ts"
import { NO_HINTS } from "../../core/mock/hints.ts"
import { linkKey, mayBeNull, type Ordered } from "../../core/mock/order.ts"
import type { Parent, ParentSource } from "../../core/mock/parents.ts"
import type { Pools } from "../../core/mock/pools.ts"
import { UnknownType } from "../../core/mock/column-maker.ts"
import { rowMaker, type RowMaker } from "../../core/mock/row-maker.ts"
import { baseOf, shownName, type MockColumn, type MockForeignKey, type MockTable } from "../../core/mock/table.ts"
import { uniquePlans, type UniquePlan } from "../../core/mock/unique.ts"
import { makerOf } from "../../core/mock/values.ts"
import { variantsOf } from "../../core/mock/variants.ts"
import type { Session } from "../../core/types.ts"

/** Parents that are held in memory for one foreign key, at most: a larger table gives some from all over it. */
const MOST_PARENTS = 10_000

export interface TableJob {
  readonly table: MockTable
  readonly count: number
  /** The number of its first row: how many it had before. */
  readonly first: number
}

/** What all tables of a run share. */
export interface MockRun {
  readonly session: Session
  readonly home: string
  readonly seed: string
  readonly pools: Pools
  readonly tables: ReadonlyMap<string, MockTable>
  readonly jobs: ReadonlyMap<string, TableJob>
  readonly links: Ordered["links"]
  /** Numbers taken from sequences, by table and column: the same for the rows themselves and for those that refer to them. */
  readonly reserved: Map<string, { readonly start: number; readonly step: number }>
}

/** A table that is ready to be written. */
export interface Prepared {
  readonly job: TableJob
  readonly maker: RowMaker
  /** Foreign keys with one child per parent. */
  readonly paged: readonly MockForeignKey[]
}

/** Everything that must be known before the first row of a table is made. Throws `failed` where its rows could not be valid whatever they hold. */
export async function prepareTable(run: MockRun, job: TableJob): Promise<Prepared> {
  const { table } = job
  const left = await leftColumns(run, table)
  const variants = await variantsOf(table)
  const uniques = await uniquePlans(table, left, variants)
  const made: { maker: RowMaker | null } = { maker: null }
  const parents: Parent[] = []
  for (const foreignKey of table.foreignKeys) parents.push({ foreignKey, source: await sourceOf(run, job, foreignKey, uniques, made) })
  const maker = await makerFor(run, job, left, { variants, uniques, parents })
  made.maker = maker
  return { job, maker, paged: parents.filter(({ source }) => source.kind === "page").map(({ foreignKey }) => foreignKey) }
}

type Known = Pick<Parameters<typeof rowMaker>[0], "variants" | "uniques" | "parents">

async function makerFor(run: MockRun, { table, first, count }: TableJob, left: ReadonlySet<string>, known: Known): Promise<RowMaker> {
  const frozen = new Set([...run.jobs.values()].flatMap(job => job.table.foreignKeys.filter(key => key.target === table.oid && isMade(run, job.table, key)).flatMap(key => key.targetColumns)))
  const reserved = new Map<string, { readonly start: number; readonly step: number }>()
  for (const column of frozen) if (left.has(column)) reserved.set(column, await reservedFor(run, table, column, count))
  try {
    return await rowMaker({ ...known, table, seed: run.seed, pools: run.pools, left, constants: await constantsOf(table), first, froms: await fromsOf(run, table, known.uniques), reserved, frozen })
  } catch (error) {
    if (error instanceof UnknownType) throw new Fault("failed", error.message, `give the column a default, or write a seed for ${shownName(table, run.home)}`)
    throw error
  }
}

/** Whether this key points to rows of the same run before they are written. */
function isMade(run: MockRun, table: MockTable, key: MockForeignKey): boolean {
  return ["self", "deferred"].includes(run.links.get(linkKey(table, key)) ?? "")
}

async function reservedFor(run: MockRun, table: MockTable, column: string, count: number): Promise<{ readonly start: number; readonly step: number }> {
  const key = `${table.oid} ${column}`
  const known = run.reserved.get(key)
  if (known) return known
  const { reserve } = await import("../../pg/mock-read.ts")
  const taken = await reserve(run.session, table, column, count)
  if (!taken) throw new Fault("failed", `${shownName(table, run.home)}.${column} is filled by PostgreSQL and referred to by the rows themselves, and it has no sequence to take numbers from`, "write a seed for this table")
  run.reserved.set(key, taken)
  return taken
}

/** Columns that PostgreSQL fills: generated and identity ones, those with a sequence, and those of types nself knows no value of that have a default. */
async function leftColumns(run: MockRun, table: MockTable): Promise<ReadonlySet<string>> {
  const left = await Promise.all(table.columns.map(async column => (await isLeft(run, column)) ? [column.name] : []))
  return new Set(left.flat())
}

async function isLeft({ pools }: MockRun, column: MockColumn): Promise<boolean> {
  if (column.generated || column.identity) return true
  if (column.default === null) return false
  if (await isNextval(column.default)) return true
  return (await makerOf(column.type, { key: 0, rowKey: 0, words: [], tableWords: [], hints: NO_HINTS, unique: null, pools })) === null
}

/** Text columns with a constant default keep it: it is a code that the application knows. */
async function constantsOf(table: MockTable): Promise<ReadonlyMap<string, string | null>> {
  const texts = table.columns.filter(({ type, default: value }) => value !== null && type.kind === "base" && ["text", "varchar", "bpchar", "citext"].includes(type.name))
  const found = await Promise.all(texts.map(async column => [column.name, await constantOf(column.default!)] as const))
  return new Map(found.filter((pair): pair is [string, string] => typeof pair[1] === "string"))
}

const NUMBERS = ["int2", "int4", "int8", "numeric", "oid"]

/** Numbers that must differ go on behind those that are there. */
async function fromsOf({ session }: MockRun, table: MockTable, uniques: readonly UniquePlan[]): Promise<ReadonlyMap<string, number>> {
  const { largest } = await import("../../pg/mock-read.ts")
  const columns = new Set(uniques.flatMap(plan => (plan.kind === "column" ? [plan.column] : [])))
  const froms = new Map<string, number>()
  for (const { name, type } of table.columns) {
    if (columns.has(name) && NUMBERS.includes(baseOf(type).name)) froms.set(name, ((await largest(session, table, name)) ?? 0) + 1)
  }
  return froms
}

async function sourceOf(run: MockRun, job: TableJob, foreignKey: MockForeignKey, uniques: readonly UniquePlan[], made: { readonly maker: RowMaker | null }): Promise<ParentSource> {
  const { table, first, count } = job
  const single = uniques.some(plan => plan.kind === "parent" && plan.foreignKey.name === foreignKey.name)
  switch (run.links.get(linkKey(table, foreignKey))) {
    case "later": return { kind: "none" }
    case "self": return { kind: "made", first, count, earlier: true, chain: single, at: row => made.maker!.key(row, foreignKey.targetColumns) }
    case "deferred": return deferredSource(run, foreignKey, single)
    default: return existingSource(run, job, foreignKey, single)
  }
}

/** Rows of a table that is written after this one: only their keys are made now. */
async function deferredSource(run: MockRun, foreignKey: MockForeignKey, chain: boolean): Promise<ParentSource> {
  const job = run.jobs.get(foreignKey.target)!
  const left = await leftColumns(run, job.table)
  const variants = await variantsOf(job.table)
  const maker = await makerFor(run, job, left, { variants, uniques: await uniquePlans(job.table, left, variants), parents: [] })
  return { kind: "made", first: job.first, count: job.count, earlier: false, chain, at: row => maker.key(row, foreignKey.targetColumns) }
}

async function existingSource(run: MockRun, { table, count }: TableJob, foreignKey: MockForeignKey, single: boolean): Promise<ParentSource> {
  const parent = run.tables.get(foreignKey.target)
  if (!parent) return { kind: "none" }
  const { countUnused, sampleKeys } = await import("../../pg/mock-read.ts")
  const [child, of] = [shownName(table, run.home), shownName(parent, run.home)]
  const open = mayBeNull(table, foreignKey)
  if (single) {
    const free = await countUnused(run.session, table, foreignKey, parent)
    if (free < count && !open) throw new Fault("failed", `each row of ${child} needs a row of ${of} of its own (${foreignKey.name}); ${count} are wanted and ${free} are free`, `fewer rows (--count ${free}), or make them: --with-parents`)
    return free === 0 ? { kind: "none" } : { kind: "page" }
  }
  const keys = await sampleKeys(run.session, parent, foreignKey.targetColumns, MOST_PARENTS)
  if (keys.length > 0) return { kind: "pool", keys }
  if (open) return { kind: "none" }
  throw new Fault("failed", `${child} needs rows of ${of} (${foreignKey.name}), and there is none`, `make them, too: nself db mock --table ${child} --count ${count} --with-parents`)
}

