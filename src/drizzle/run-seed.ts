import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Fault } from "../core/fault.ts"
import { rowDataShown } from "../core/row-data.ts"
import type { Launch } from "./load.ts"
import type { SeedFailure, SeedJob, SeedReply } from "./seed-job.ts"

export interface SeedTalk {
  /** One line of the seed's standard output. */
  readonly out: (line: string) => void
  /** One line of its standard error. */
  readonly err: (line: string) => void
}

/**
 * Runs a TypeScript seed in a child of this program, to its end.
 *
 * @param seed    the project's root and the seed's absolute path
 * @param launch  the child's whole environment, the way to the database included
 * @returns why it failed, or `null`
 */
export async function runSeed(seed: Omit<SeedJob, "reply" | "showRows">, launch: Launch, talk: SeedTalk): Promise<SeedFailure | null> {
  const folder = await mkdtemp(join(tmpdir(), "nself-seed-"))
  try {
    return await converse({ ...seed, reply: join(folder, "reply.json"), showRows: rowDataShown() }, launch, talk)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function converse(job: SeedJob, { self, env, signal }: Launch, talk: SeedTalk): Promise<SeedFailure | null> {
  refuseAborted(signal)
  const child = Bun.spawn([...self, "__seed"], {
    cwd: job.root, env: { ...env }, stdin: Buffer.from(JSON.stringify(job)), stdout: "pipe", stderr: "pipe", signal, killSignal: "SIGTERM",
  })
  await Promise.all([eachLine(child.stdout, talk.out), eachLine(child.stderr, talk.err), child.exited])
  refuseAborted(signal)
  const reply = await readFile(job.reply, "utf8").then(text => JSON.parse(text) as SeedReply, () => null)
  if (child.signalCode) return { message: `the seed was ended by ${child.signalCode}` }
  if (reply?.failure) return reply.failure
  if (child.exitCode !== 0) return { message: `the seed ended with exit code ${child.exitCode}` }
  return reply === null ? { message: "the seed ended without a word on how it went" } : null
}

function refuseAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new Fault("interrupted", "interrupted while a TypeScript seed ran; what it had committed is in the database", "nself db seed")
}

async function eachLine(stream: ReadableStream<Uint8Array>, told: (line: string) => void): Promise<void> {
  const decoder = new TextDecoder()
  let rest = ""
  for await (const bytes of stream) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n")
    rest = lines.pop()!
    lines.forEach(told)
  }
  if (rest !== "") told(rest)
}
