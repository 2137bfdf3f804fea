import { renameSync, writeFileSync } from "node:fs"
import { detailLines, showRowData } from "../core/row-data.ts"
import { reasonOf } from "./reason.ts"
import type { SeedFailure, SeedJob, SeedReply } from "./seed-job.ts"
import { serve } from "./serve.ts"
import { follow } from "./sources.ts"

/**
 * The whole of the hidden command `nself __seed`: runs a TypeScript seed as it is written. The process ends when the seed says so or has nothing left
 * to do; what went wrong until then stands in the reply file: an exit code, a rejection that nobody caught, an Error that was handed to `console.error`.
 *
 * @param input  a `SeedJob` as JSON
 */
export async function runSeedChild(input: string): Promise<void> {
  const job = JSON.parse(input) as SeedJob
  showRowData(job.showRows)
  const fail = watch(job)
  try {
    await serve(job.root, follow([job.path]).packages)
    const module = (await import(job.path)) as { default?: unknown }
    if (typeof module.default !== "function") return
    await (module.default as () => unknown)()
    process.exit()
  } catch (thrown) {
    fail(thrown)
    process.exit(1)
  }
}

/** Notes the first failure, and writes the reply when the process ends. Returns what notes one. */
function watch(job: SeedJob): (thrown: unknown) => void {
  let failure: SeedFailure | null = null
  const fail = (thrown: unknown): void => void (failure ??= told(thrown, job))
  process.on("exit", code => {
    if (code !== 0) failure ??= { message: `the seed ended with exit code ${code}` }
    writeFileSync(`${job.reply}.part`, JSON.stringify({ failure } satisfies SeedReply), { mode: 0o600 })
    renameSync(`${job.reply}.part`, job.reply)
  })
  for (const event of ["unhandledRejection", "uncaughtException"]) {
    process.on(event, (thrown: unknown) => {
      fail(thrown)
      process.exit(1)
    })
  }
  listenToConsole(fail)
  return fail
}

/** `seed().catch(console.error)` is how a seed says that it failed, and then ends with exit code 0. */
function listenToConsole(fail: (thrown: unknown) => void): void {
  const original = console.error
  console.error = (...args: unknown[]): void => {
    const error = args.find(isError)
    if (error) fail(error)
    original(...args)
  }
}

/** Errors of another realm and drivers' look-alikes too. */
function isError(value: unknown): boolean {
  return value instanceof Error || Object.prototype.toString.call(value) === "[object Error]"
}

/** File and line, what was said, and what PostgreSQL said below it. */
function told(thrown: unknown, job: SeedJob): SeedFailure {
  const chain: Error[] = []
  for (let error = thrown; error instanceof Error && chain.length < 5; error = error.cause) chain.push(error)
  const code = chain.map(error => (error as { code?: unknown }).code).find(one => typeof one === "string" && /^[0-9A-Z]{5}$/.test(one)) as string | undefined
  const more = chain.flatMap((error, i) => [...(i === 0 ? [] : [error.message]), ...fields(error)])
  return { message: [reasonOf(thrown, job.path, job.root).message, ...more].join("\n"), ...(code === undefined ? {} : { code }) }
}

/** What PostgreSQL says beside the message. */
function fields(error: Error): string[] {
  const { code, detail, hint } = error as { code?: unknown; detail?: string; hint?: string }
  return [...detailLines({ code: String(code), ...(detail && { detail }) }), ...(hint ? [`PostgreSQL's hint: ${hint}`] : []), ...(typeof code === "string" && /^[0-9A-Z]{5}$/.test(code) ? [`SQLSTATE ${code}`] : [])]
}
