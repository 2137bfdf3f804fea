import type { Context } from "../../core/context.ts"
import { Fault } from "../../core/fault.ts"
import { withDatabase, withSession } from "../database.ts"
import { setUp, type Setup } from "../setup.ts"

export interface WaitRequest {
  /** The value of `--env`. */
  readonly env: string | null
  /** The value of `--url`. */
  readonly url: string | null
  /** Seconds. */
  readonly timeout: number
}

export interface Waited {
  readonly database: string
  readonly engine: string
  readonly waitedMs: number
}

/** What a server that is being started answers, or its network. Anything else would still be so in a minute: a wrong password, an unknown database. */
const NOT_YET = ["ECONNREFUSED", "ECONNRESET", "ENOTFOUND", "EAI_AGAIN", "ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH", "ENOENT", "57P03", "53300"]

/** Milliseconds between two tries. */
const PAUSE_MS = 250

/** Waits until the database takes connections. Throws `failed` with the last reason when that takes longer than `timeout`. */
export async function wait(ctx: Context, request: WaitRequest): Promise<Waited> {
  const setup = await setUp(ctx, request.env)
  const start = ctx.now().getTime()
  for (let said = ""; ;) {
    try {
      return { ...(await answer(ctx, setup, request.url)), waitedMs: ctx.now().getTime() - start }
    } catch (error) {
      if (!(error instanceof Fault) || !isNotYet(error)) throw error
      if (ctx.signal.aborted) throw new Fault("terminated", "interrupted while waiting for the database")
      if (ctx.now().getTime() - start >= request.timeout * 1000) throw new Fault("failed", `${error.message}, for ${request.timeout} s`, error.hint, error)
      if (said !== error.message) ctx.talk(`waiting: ${(said = error.message)}`)
      await pause(ctx.signal)
    }
  }
}

async function answer(ctx: Context, setup: Setup, url: string | null): Promise<Pick<Waited, "database" | "engine">> {
  return withDatabase(ctx, setup, { url, command: "db wait", runId: ctx.uuid() }, database =>
    withSession(database, async ({ engine }) => ({ database: database.label, engine })))
}

function isNotYet({ cause }: Fault): boolean {
  const { code = "", message } = (cause ?? {}) as { code?: unknown; message?: string }
  return NOT_YET.includes(String(code)) || String(code).startsWith("DNS") || message === "timeout expired"
}

function pause(signal: AbortSignal): Promise<void> {
  return new Promise(done => {
    const timer = setTimeout(done, PAUSE_MS)
    signal.addEventListener("abort", () => {
      clearTimeout(timer)
      done()
    }, { once: true })
  })
}
