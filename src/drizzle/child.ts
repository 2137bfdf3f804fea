import { existsSync, renameSync, writeFileSync } from "node:fs"
import { constants, setPriority } from "node:os"
import { collect, entitiesOf, type Found } from "./collect.ts"
import { runConfig } from "./config-module.ts"
import { declare } from "./declare.ts"
import { ASKED, type Declared, type Job, type Reply } from "./declared.ts"
import { refuseDuplicates } from "./duplicates.ts"
import { reasonOf } from "./reason.ts"
import { serve } from "./serve.ts"
import { follow, schemaFiles, shown } from "./sources.ts"
import { tablesOf } from "./tables.ts"
import { refuseLostTargets } from "./targets.ts"
import { writerFor } from "./writer.ts"

/**
 * The whole of the hidden command `nself __load`: runs the user's TypeScript and writes what it says as JSON to the job's files, because
 * standard output belongs to the user's code. Never throws for what the user's code does: that is an answer too.
 *
 * @param input  a `Job` as JSON; standard input by default
 * @returns what was written to the reply file. The caller must end the process: user code may have left a connection open.
 */
export async function runChild(input?: string): Promise<string> {
  const job = JSON.parse(input ?? (await Bun.stdin.text())) as Job
  const loading: Loading = path => writeFileSync(`${job.reply}.loading`, path)
  const [answer, found] = await answerOf(job, loading)
  const text = written(job.reply, answer)
  if (job.want !== "migration") return text
  if (found) await asked(job)
  written(job.snapshot, found ? await snapshotOf(job, found, loading) : answer) // whoever waits for it ends this process then
  return text
}

/** How long it waits to be asked, and how often it looks. Milliseconds. */
const [PATIENCE, PAUSE] = [5_000, 5]

/** Waits until the parent asks for the snapshot; one that never does ends this process, or was ended itself. */
async function asked({ snapshot }: Job): Promise<void> {
  for (let waited = 0; waited < PATIENCE && !existsSync(`${snapshot}${ASKED}`); waited += PAUSE) await Bun.sleep(PAUSE)
}

/** Whole or not at all. */
function written(path: string, reply: Reply): string {
  const text = JSON.stringify(reply, plain)
  writeFileSync(`${path}.part`, text, { mode: 0o600 })
  renameSync(`${path}.part`, path)
  return text
}

/** A bigint default stands in drizzle-kit's snapshot as it is, and JSON has no such thing. */
const plain = (_: string, value: unknown): unknown => (typeof value === "bigint" ? (Number.isSafeInteger(Number(value)) ? Number(value) : value.toString()) : value)

/** Told of each file before it runs, so that the parent can name the one that ended the process. */
type Loading = (path: string) => void

/** With what was found in the schema's files. */
async function answerOf(job: Job, loading: Loading): Promise<readonly [Reply, readonly Found[] | null]> {
  let current = job.configPath ?? job.root
  const note: Loading = path => loading((current = path))
  try {
    if (job.want === "config") return [{ ok: true, value: await configOf(job, note) }, null]
    const { declared, found } = await declaredOf(job, note)
    return [{ ok: true, value: declared }, found]
  } catch (thrown) {
    return [refusal(thrown, current, job), null]
  }
}

function refusal(thrown: unknown, current: string, job: Job): Reply {
  const { exit, message, hint } = reasonOf(thrown, current, job.root)
  return { ok: false, exit, message, hint: hint ?? null }
}

async function snapshotOf(job: Job, found: readonly Found[], loading: Loading): Promise<Reply> {
  loading("drizzle-kit, which writes the snapshot,") // it ends the process where it does not like a schema
  try {
    setPriority(constants.priority.PRIORITY_LOW) // the parent is proving its migration, and waits for the snapshot last
  } catch {} // it only saves time
  try {
    const { generateDrizzleJson } = await import("drizzle-kit/api")
    return { ok: true, value: generateDrizzleJson(Object.fromEntries(found.map((one, index) => [`e${index}`, one.value])), undefined, undefined, job.casing) }
  } catch (thrown) {
    return refusal(thrown, job.configPath ?? job.root, job)
  }
}

async function configOf(job: Job, loading: Loading): Promise<unknown> {
  const path = job.configPath!
  await serve(job.root, follow([path]).packages)
  loading(path)
  return JSON.parse(JSON.stringify((await runConfig(path)) ?? null)) as unknown
}

async function declaredOf(job: Job, loading: Loading): Promise<{ readonly declared: Declared; readonly found: readonly Found[] }> {
  const sources = follow(schemaFiles(job.root, job.patterns))
  const orm = await serve(job.root, sources.packages)
  const modules = new Map<string, Record<string, unknown>>()
  for (const path of sources.schema) {
    loading(path)
    modules.set(path, (await import(path)) as Record<string, unknown>)
  }
  const writer = writerFor(orm, job.casing)
  const found = collect(writer, modules, sources, job.root)
  refuseDuplicates(writer, found)
  refuseLostTargets(writer, found)
  const declared = {
    statements: declare(writer, entitiesOf(found)),
    tables: tablesOf(writer, found),
    sources: sources.all.map(path => shown(job.root, path)),
    drizzleVersion: orm.version,
    cut: writer.names.cut(),
  }
  return { declared, found }
}
