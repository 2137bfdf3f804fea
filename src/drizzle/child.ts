import { renameSync, writeFileSync } from "node:fs"
import { collect, entitiesOf } from "./collect.ts"
import { runConfig } from "./config-module.ts"
import { declare } from "./declare.ts"
import type { Declared, Job, Reply } from "./declared.ts"
import { refuseDuplicates } from "./duplicates.ts"
import { reasonOf } from "./reason.ts"
import { serve } from "./serve.ts"
import { follow, schemaFiles, shown } from "./sources.ts"
import { tablesOf } from "./tables.ts"
import { refuseLostTargets } from "./targets.ts"
import { writerFor } from "./writer.ts"

/**
 * The whole of the hidden command `nself __load`: runs the user's TypeScript and writes what it says as JSON to the job's reply file, because
 * standard output belongs to the user's code. Never throws for what the user's code does: that is an answer too.
 *
 * @param input  a `Job` as JSON; standard input by default
 * @returns what was written to the reply file. The caller must end the process: user code may have left a connection open.
 */
export async function runChild(input?: string): Promise<string> {
  const job = JSON.parse(input ?? (await Bun.stdin.text())) as Job
  const loading: Loading = path => writeFileSync(`${job.reply}.loading`, path)
  const answer = JSON.stringify(await answerOf(job, loading), plain)
  writeFileSync(`${job.reply}.part`, answer, { mode: 0o600 })
  renameSync(`${job.reply}.part`, job.reply)
  return answer
}

/** A bigint default stands in drizzle-kit's snapshot as it is, and JSON has no such thing. */
const plain = (_: string, value: unknown): unknown => (typeof value === "bigint" ? (Number.isSafeInteger(Number(value)) ? Number(value) : value.toString()) : value)

/** Told of each file before it runs, so that the parent can name the one that ended the process. */
type Loading = (path: string) => void

async function answerOf(job: Job, loading: Loading): Promise<Reply> {
  let current = job.configPath ?? job.root
  const note: Loading = path => loading((current = path))
  try {
    return { ok: true, value: job.want === "config" ? await configOf(job, note) : await declaredOf(job, note) }
  } catch (thrown) {
    const { exit, message, hint } = reasonOf(thrown, current, job.root)
    return { ok: false, exit, message, hint: hint ?? null }
  }
}

async function configOf(job: Job, loading: Loading): Promise<unknown> {
  const path = job.configPath!
  await serve(job.root, follow([path]).packages)
  loading(path)
  return JSON.parse(JSON.stringify((await runConfig(path)) ?? null)) as unknown
}

async function declaredOf(job: Job, loading: Loading): Promise<Declared> {
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
  const statements = declare(writer, entitiesOf(found))
  // drizzle-kit ends the process where it does not like a schema
  loading("drizzle-kit, which writes the snapshot,")
  const { generateDrizzleJson } = await import("drizzle-kit/api")
  const exports = Object.fromEntries(found.map((one, index) => [`e${index}`, one.value]))
  return {
    statements,
    snapshot: generateDrizzleJson(exports, undefined, undefined, job.casing),
    tables: tablesOf(writer, found),
    sources: sources.all.map(path => shown(job.root, path)),
    drizzleVersion: orm.version,
    cut: writer.names.cut(),
  }
}
