import { existsSync, watch } from "node:fs"
import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { basename, dirname, isAbsolute, join } from "node:path"
import { Fault } from "../core/fault.ts"
import type { Declared, Job, Reply } from "./declared.ts"
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
  return (await ask({ ...input, want: "declared" }, launch)) as Declared
}

/** The object that a config file stands for, by running it in a child: for one that is no plain data. */
export async function loadConfig(input: { readonly root: string; readonly configPath: string }, launch: Launch): Promise<unknown> {
  return ask({ ...input, patterns: [], out: "", want: "config" }, launch)
}

async function ask(job: Omit<Job, "reply">, launch: Launch): Promise<unknown> {
  const folder = await mkdtemp(join(tmpdir(), "nself-load-")).catch((error: unknown) => { throw noTemporary((error as Error).message) })
  try {
    return valueOf(await converse({ ...job, reply: join(folder, "reply.json") }, launch))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The child answers through a file in the system's folder for temporary files. */
const noTemporary = (reason: string): Fault => new Fault("failed", `cannot write a temporary file in ${tmpdir()}: ${reason.split(",")[0]}`, "make room there, or set TMPDIR to a folder that can be written")

function valueOf(reply: Reply): unknown {
  if (reply.ok) return reply.value
  throw new Fault(reply.exit, reply.message, reply.hint ?? undefined)
}

async function converse(job: Job, { self, env, signal }: Launch): Promise<Reply> {
  signal.throwIfAborted()
  const child = Bun.spawn([...self, "__load"], {
    cwd: job.root, env: { ...env }, stdin: Buffer.from(JSON.stringify(job)), stdout: "pipe", stderr: "pipe",
    signal, timeout: PATIENCE, killSignal: "SIGKILL",
  })
  const unwatch = watchReply(job.reply, () => child.kill("SIGKILL"))
  const [output, talk] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text(), child.exited]).finally(unwatch)
  signal.throwIfAborted()
  const reply = await readFile(job.reply, "utf8").catch(() => null)
  return reply === null ? await silence(job, child.exitCode, child.signalCode, talk || output) : (JSON.parse(reply) as Reply)
}

/** Ends a child that has answered but stays: user code may hold a connection open. Returns what stops the watching. */
function watchReply(reply: string, end: () => void): () => void {
  let grace: ReturnType<typeof setTimeout> | undefined
  const watcher = watch(dirname(reply), (_, name) => {
    if (name === basename(reply)) grace ??= setTimeout(end, GRACE)
  })
  return () => {
    watcher.close()
    clearTimeout(grace)
  }
}

/** The child ended without an answer: user code ended it, or it took too long. */
async function silence(job: Job, code: number | null, signal: string | number | null, talk: string): Promise<Reply> {
  if (existsSync(`${job.reply}.part`)) throw noTemporary(/^\s*(?:error: )?(E[A-Z]+:.*)$/m.exec(talk)?.[1] ?? talk.trim())
  const loading = await readFile(`${job.reply}.loading`, "utf8").catch(() => null)
  const what = loading === null ? "nself's loader" : isAbsolute(loading) ? shown(job.root, loading) : loading
  const how = signal === "SIGKILL" ? `did not finish within ${PATIENCE / 1000} s, or was killed` : signal ? `was ended by ${signal}` : `ended the process with exit code ${code}`
  const said = talk.trim().split("\n").slice(-8).map(line => `  ${line}`).join("\n")
  return { ok: false, exit: "usage", message: `${what} ${how} while it was loaded${said.trim() === "" ? "" : `; it said:\n${said}`}`, hint: "a schema file must only define and export: remove what exits or waits" }
}
