import { existsSync, watch } from "node:fs"
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { dirname, isAbsolute, join } from "node:path"
import { Fault } from "../core/fault.ts"
import { ASKED, type Declared, type Job, type Reply } from "./declared.ts"
import { shown } from "./sources.ts"

/** Long enough for a cold disk, short enough that a schema that waits for something never hangs a pipeline. Milliseconds. */
const PATIENCE = 120_000
/** How long a child may go on after its answer. Milliseconds. */
const GRACE = 300

/** What a child is started with. */
export interface Launch {
  /** The argv that starts this program again. */
  readonly self: readonly string[]
  /** The child's whole environment: it cannot be completed later, Bun freezes `NODE_ENV` at launch. */
  readonly env: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
}

export type LoadInput = Pick<Job, "root" | "configPath" | "patterns" | "out" | "casing">

/** The declared schema of a project, read by running its files in a child. Faults (`usage`) name file and line. */
export async function loadDeclared(input: LoadInput, launch: Launch): Promise<Declared> {
  return (await (await ask({ ...input, want: "declared" }, launch)).answer) as Declared
}

/** A declared schema whose child is still there. */
export interface Loaded {
  readonly declared: Declared
  /** drizzle-kit's snapshot of it (version 7), begun now. */
  readonly snapshot: () => Promise<unknown>
  /** To be awaited before this process ends, or files in the system's folder for temporary ones stay. A snapshot that nobody asked for is not made. */
  readonly close: () => Promise<void>
}

/** The declared schema, and its snapshot once it is asked for: most often nothing is new and nobody asks, and else a shadow needs the machine first. */
export async function loadForMigration(input: LoadInput, launch: Launch): Promise<Loaded> {
  const { answer, snapshot, close } = await ask({ ...input, want: "migration" }, launch)
  return { declared: (await answer) as Declared, snapshot, close }
}

/** The object that a config file stands for, by running it in a child: for one that is no plain data. */
export async function loadConfig(input: { readonly root: string; readonly configPath: string }, launch: Launch): Promise<unknown> {
  return (await ask({ ...input, patterns: [], out: "", want: "config" }, launch)).answer
}

interface Asked {
  readonly answer: Promise<unknown>
  readonly snapshot: Loaded["snapshot"]
  readonly close: Loaded["close"]
}

async function ask(job: Omit<Job, "reply" | "snapshot">, launch: Launch): Promise<Asked> {
  const folder = await mkdtemp(join(tmpdir(), "nself-load-")).catch((error: unknown) => { throw noTemporary((error as Error).message) })
  const { ended, told, end } = converse({ ...job, reply: join(folder, REPLY), snapshot: join(folder, SNAPSHOT) }, launch)
  const texts = job.want === "migration" ? [REPLY, SNAPSHOT] : [REPLY]
  const [answered, also] = texts.map(told)
  const gone = Promise.allSettled([ended, answered, also]).then(() => rm(folder, { recursive: true, force: true }))
  // behind a schema that was told the child goes on; where nothing else comes it is gone, and its folder
  const answer = answered!.then(async reply => (also && reply.ok ? null : await gone, valueOf(reply)), async error => {
    await gone
    throw error
  })
  let asked: Promise<unknown> | null = null
  const made = async (): Promise<unknown> => {
    await writeFile(`${join(folder, SNAPSHOT)}${ASKED}`, "").catch(() => {}) // it waits for a moment only
    const reply = await also!
    await gone
    return valueOf(reply)
  }
  const snapshot = (): Promise<unknown> => (asked ??= made())
  const close = async (): Promise<void> => {
    if (!asked) await end()
    await gone
  }
  return { answer, snapshot, close }
}

/** The child answers through a file in the system's folder for temporary files. */
const noTemporary = (reason: string): Fault => new Fault("failed", `cannot write a temporary file in ${tmpdir()}: ${reason.split(",")[0]}`, "make room there, or set TMPDIR to a folder that can be written")

function valueOf(reply: Reply): unknown {
  if (reply.ok) return reply.value
  throw new Fault(reply.exit, reply.message, reply.hint ?? undefined)
}

const [REPLY, SNAPSHOT] = ["reply.json", "snapshot.json"]

interface Talk {
  /** Resolves when the child is gone. */
  readonly ended: Promise<void>
  /** What it wrote to this file, as soon as it is there. */
  readonly told: (name: string) => Promise<Reply>
  readonly end: () => Promise<void>
}

function converse(job: Job, { self, env, signal }: Launch): Talk {
  const start = async () => {
    signal.throwIfAborted()
    return Bun.spawn([...self, "__load"], {
      cwd: job.root, env: { ...env }, stdin: Buffer.from(JSON.stringify(job)), stdout: "pipe", stderr: "pipe",
      signal, timeout: PATIENCE, killSignal: "SIGKILL",
    })
  }
  const folder = dirname(job.reply)
  const seen = watchFiles(folder)
  const child = start()
  const last = job.want === "migration" ? SNAPSHOT : REPLY
  const ended = child.then(async running => {
    const overdue = seen.file(last).then(() => setTimeout(() => running.kill("SIGKILL"), GRACE)) // user code may hold a connection open
    const [output, talk] = await Promise.all([new Response(running.stdout).text(), new Response(running.stderr).text(), running.exited])
    void overdue.then(clearTimeout)
    return { code: running.exitCode, signal: running.signalCode, said: talk || output }
  }).finally(seen.stop)
  return {
    ended: ended.then(() => {}),
    end: async () => (await child).kill("SIGKILL"),
    told: async name => {
      const path = join(folder, name)
      const early = await Promise.race([seen.file(name).then(() => true), ended.then(() => false)])
      if (!early) signal.throwIfAborted()
      const text = await readFile(path, "utf8").catch(() => null)
      if (text !== null) return JSON.parse(text) as Reply
      const { code, signal: killed, said } = await ended
      return silence(job, path, code, killed, said)
    },
  }
}

/** Tells when a file is in a folder under its own name. */
function watchFiles(folder: string): { readonly file: (name: string) => Promise<void>; readonly stop: () => void } {
  const files = new Map<string, PromiseWithResolvers<void>>()
  const of = (name: string): PromiseWithResolvers<void> => files.getOrInsertComputed(name, () => Promise.withResolvers<void>())
  const watcher = watch(folder, (_, name) => void (name !== null && existsSync(join(folder, name)) && of(name).resolve()))
  return { file: name => of(name).promise, stop: () => watcher.close() }
}

/** The child ended without an answer: user code ended it, or it took too long. */
async function silence(job: Job, file: string, code: number | null, signal: string | number | null, talk: string): Promise<Reply> {
  if (existsSync(`${file}.part`)) throw noTemporary(/^\s*(?:error: )?(E[A-Z]+:.*)$/m.exec(talk)?.[1] ?? talk.trim())
  const loading = await readFile(`${job.reply}.loading`, "utf8").catch(() => null)
  const what = loading === null ? "nself's loader" : isAbsolute(loading) ? shown(job.root, loading) : loading
  const how = signal === "SIGKILL" ? `did not finish within ${PATIENCE / 1000} s, or was killed` : signal ? `was ended by ${signal}` : `ended the process with exit code ${code}`
  const said = talk.trim().split("\n").slice(-8).map(line => `  ${line}`).join("\n")
  return { ok: false, exit: "usage", message: `${what} ${how} while it was loaded${said.trim() === "" ? "" : `; it said:\n${said}`}`, hint: "a schema file must only define and export: remove what exits or waits" }
}
