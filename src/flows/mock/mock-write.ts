import { Fault } from "../../core/fault.ts"
import { NO_BATCH, type Batch } from "../../core/mock/batch.ts"
import { copyLine } from "../../core/mock/lines.ts"
import { joined, type Key } from "../../core/mock/parents.ts"
import { keyOf, permute } from "../../core/mock/random.ts"
import type { Product } from "../../core/mock/product.ts"
import { shownName } from "../../core/mock/table.ts"
import type { PgError } from "../../core/types.ts"
import type { CheckQuestion } from "../../pg/mock-write.ts"
import type { MockRun, Prepared } from "./mock-table.ts"

/** Rows of one COPY. */
const BATCH = 20_000
/** The embedded database holds a COPY in memory. */
const EMBEDDED_BATCH = 4_000
/** Rows whose checks are asked of PostgreSQL at once. */
const ASKED = 1_000
/** Rows that are looked at to see which checks need asking. */
const PROBE = 200
/** Tries for one row before its constraint is named. */
const MOST_TRIES = 1000
/** Tries where PostgreSQL refuses a row that nself took for good. */
const MOST_REFUSALS = 40
/** Combinations that are read so as not to be made again. */
const MOST_TAKEN = 200_000
/** Bytes that are sent at once. */
const CHUNK = 64 * 1024

export interface WriteOptions {
  readonly embedded: boolean
  readonly signal: AbortSignal
  readonly onRows: (done: number) => void
}

/** Makes the rows of a table and writes them with COPY, batch after batch. Throws `failed` with the name of the constraint that no row meets. */
export async function writeTable(run: MockRun, prepared: Prepared, options: WriteOptions): Promise<void> {
  const { job, maker } = prepared
  const { insertDefaults } = await import("../../pg/mock-write.ts")
  if (maker.columns.length === 0) return insertDefaults(run.session, job.table, job.count)
  const walks: Walk[] = []
  for (const product of maker.products) walks.push(await walkOf(run, prepared, product))
  const filters = await failing(run, prepared)
  const size = options.embedded ? EMBEDDED_BATCH : BATCH
  const writer: Writer = { run, prepared, options, filters: [...filters], walks }
  for (let from = job.first; from < job.first + job.count; from += size) {
    const to = Math.min(from + size, job.first + job.count)
    const batch = await batchOf(writer, from, to)
    await writeRange(writer, batch, from, to)
    options.onRows(to - job.first)
  }
}

interface Writer {
  readonly run: MockRun
  readonly prepared: Prepared
  readonly options: WriteOptions
  /** Checks that made rows do not meet by themselves. */
  readonly filters: CheckQuestion[]
  readonly walks: readonly Walk[]
}

interface OpenBatch extends Batch {
  readonly attempts: Map<number, number>
  /** How often PostgreSQL refused a row. */
  readonly refusals: Map<number, number>
}

async function batchOf({ run, prepared, walks }: Writer, from: number, to: number): Promise<OpenBatch> {
  const { unusedParents } = await import("../../pg/mock-read.ts")
  const pages = new Map<string, readonly Key[]>()
  for (const key of prepared.paged) pages.set(key.name, await unusedParents(run.session, prepared.job.table, key, run.tables.get(key.target)!, to - from))
  return { from, pages, products: new Map(walks.map(walk => [walk.name, walk.take(to - from)])), attempts: new Map(), refusals: new Map() }
}

interface Walk {
  readonly name: string
  /** The next combinations; -1 for each that is missing. */
  readonly take: (count: number) => readonly number[]
}

/** A way through the combinations of a unique key that passes over those the table has already. */
async function walkOf({ session, seed, home }: MockRun, { job: { table, count } }: Prepared, product: Product): Promise<Walk> {
  const { takenKeys } = await import("../../pg/mock-read.ts")
  const { unique } = product.plan
  const taken = new Set((await takenKeys(session, table, product.columns, MOST_TAKEN)).map(joined))
  if (product.size - taken.size < count && unique.predicate === null) {
    throw new Fault("failed", `${shownName(table, home)} can have ${product.size} rows by ${unique.name} (${product.columns.join(", ")}), has ${taken.size} and should get ${count} more`,
      "fewer rows (--count), or more rows in the tables it refers to")
  }
  const key = keyOf(`${seed} ${table.schema}.${table.name} ${unique.name}`)
  let at = 0
  const next = (): number => {
    while (at < product.size) {
      const index = permute(product.size, key, at++)
      if (taken.size === 0 || !taken.has(joined(product.at(index)))) return index
    }
    return -1
  }
  return { name: unique.name, take: size => Array.from({ length: size }, next) }
}

/** The checks that some of the first rows do not meet; PostgreSQL is asked. */
async function failing(run: MockRun, { job: { table, first, count }, maker }: Prepared): Promise<readonly CheckQuestion[]> {
  const { askChecks, checkQuestions } = await import("../../pg/mock-write.ts")
  const questions = checkQuestions(table)
  const rows = Array.from({ length: Math.min(PROBE, count) }, (_, i) => maker.make(first + i, NO_BATCH))
  const answers = await askChecks(run.session, table, maker.columns, questions, rows)
  return questions.filter((_, i) => answers.some(answer => !answer[i]))
}

/** Gives every row of the batch that does not meet a check other values, until it does. The fewer rows are left, the more tries of each are asked at once. */
async function filter({ run, prepared: { job, maker }, filters }: Writer, batch: OpenBatch, from: number, to: number): Promise<void> {
  const { askChecks } = await import("../../pg/mock-write.ts")
  let open = Array.from({ length: to - from }, (_, i) => ({ row: from + i, next: batch.attempts.get(from + i) ?? 0 }))
  while (open.length > 0) {
    const width = Math.max(1, Math.floor(ASKED / open.length / 4))
    const tries = open.flatMap(({ row, next }) => Array.from({ length: width }, (_, i) => ({ row, attempt: next + i })))
    const answers = await askChecks(run.session, job.table, maker.columns, filters, tries.map(({ row, attempt }) => maker.make(row, { ...batch, attempts: new Map([[row, attempt]]) })))
    const left: typeof open = []
    for (const [i, { row, next }] of open.entries()) {
      const mine = answers.slice(i * width, (i + 1) * width)
      const good = mine.findIndex(answer => answer.every(Boolean))
      if (good >= 0) batch.attempts.set(row, next + good)
      else if (next + width > MOST_TRIES) throw noRow(shownName(job.table, run.home), filters[mine[0]!.indexOf(false)]!)
      else left.push({ row, next: next + width })
    }
    open = left
  }
}

function noRow(table: string, { name, shown }: CheckQuestion): Fault {
  return new Fault("failed", `no row of ${table} was found in ${MOST_TRIES} tries that meets "${name}": ${shown}`, `write these rows as a seed: seeds/100_${table.replace(/\W/g, "_")}.sql`)
}

/** Writes rows `from` to `to` - 1. Where PostgreSQL refuses one it is looked for by halves, and gets other values. */
async function writeRange(writer: Writer, batch: OpenBatch, from: number, to: number): Promise<void> {
  const { run, prepared: { job, maker }, options, filters } = writer
  if (options.signal.aborted) throw new Fault("interrupted", "interrupted; no mock row was kept", "nself db mock")
  if (filters.length > 0) for (let at = from; at < to; at += ASKED) await filter(writer, batch, at, Math.min(at + ASKED, to))
  const { copyRows } = await import("../../pg/mock-write.ts")
  await run.session.script("savepoint mock")
  try {
    await copyRows(run.session, job.table, maker.columns, lines(writer, batch, from, to))
    await run.session.script("release mock")
  } catch (error) {
    const said = error as Error & PgError
    if (!mayPass(said)) throw refusal(writer, said)
    await run.session.script("rollback to mock; release mock")
    await again(writer, batch, from, to, said)
  }
}

/** Refusals that other values may escape: keys, checks, exclusions, numbers out of range, a trigger's RAISE. */
const mayPass = ({ code }: PgError): boolean => typeof code === "string" && ["23505", "23514", "23P01", "22003", "22001", "P0001", "23503"].includes(code)

async function again(writer: Writer, batch: OpenBatch, from: number, to: number, error: Error & PgError): Promise<void> {
  await learn(writer, error)
  if (to - from > 1) {
    const middle = Math.floor((from + to) / 2)
    await writeRange(writer, batch, from, middle)
    return writeRange(writer, batch, middle, to)
  }
  const refusals = (batch.refusals.get(from) ?? 0) + 1
  if (refusals > MOST_REFUSALS) throw refusal(writer, error)
  batch.refusals.set(from, refusals)
  batch.attempts.set(from, (batch.attempts.get(from) ?? 0) + 1)
  return writeRange(writer, batch, from, to)
}

/** A check that was met in the probe and is not met now is asked from now on. */
async function learn({ prepared: { job }, filters }: Writer, { code, constraint }: PgError): Promise<void> {
  if (code !== "23514" || !constraint || filters.some(known => known.name === constraint)) return
  const { checkQuestions } = await import("../../pg/mock-write.ts")
  filters.push(...checkQuestions(job.table).filter(question => question.name === constraint))
}

/** What PostgreSQL said, with the name of the constraint or of the triggers that said it. */
function refusal({ run, prepared: { job: { table } } }: Writer, error: Error & PgError): unknown {
  if (typeof error.code !== "string" || error instanceof Fault) return error
  const name = shownName(table, run.home)
  const who = error.constraint ? `constraint "${error.constraint}"` : ["P0001", "23000"].includes(error.code) || error.where?.includes("PL/pgSQL") ? `trigger ${table.triggers.join(" or ")}` : "PostgreSQL"
  const detail = error.detail ? `\ndetail: ${error.detail}` : ""
  return new Fault("failed", `${name}: ${who} refuses the mock rows: ${error.message}${detail}\nSQLSTATE ${error.code}. No mock row was kept.`, `write these rows as a seed, or fill the tables ${name} depends on first`, error)
}

/** The rows as COPY reads them, in pieces. */
function* lines({ prepared: { maker, job }, options }: Writer, batch: Batch, from: number, to: number): Generator<string> {
  let text = ""
  for (let row = from; row < to; row++) {
    text += copyLine(maker.make(row, batch))
    if (text.length < CHUNK) continue
    yield text
    text = ""
    options.onRows(row + 1 - job.first)
  }
  if (text !== "") yield text
}
