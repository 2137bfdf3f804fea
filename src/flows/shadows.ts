import type { Context } from "../core/context.ts"
import type { Session } from "../core/types.ts"
import type { Setup } from "./setup.ts"

/** Where shadows come from: the PostgreSQL inside nself, or a real server that lends scratch databases. */
export interface Shadows {
  /** Names the engine before one is started: part of a cache's key. */
  readonly key: string
  /** A fresh, empty database; `close()` of its session ends it. */
  open(): Promise<Session>
  close(): Promise<void>
}

/** `url`: the value of `--shadow-url`; `NSELF_SHADOW_URL` says it where the flag does not. */
export async function shadowsOf(ctx: Context, setup: Pick<Setup, "environment">, url: string | null): Promise<Shadows> {
  const from = url ?? setup.environment.env["NSELF_SHADOW_URL"] ?? ""
  if (from !== "") return realShadows(ctx, from)
  const { EMBEDDED_VERSION } = await import("../shadow/version.ts")
  return {
    key: EMBEDDED_VERSION,
    open: async () => (await import("../shadow/shadow.ts")).openShadow(),
    close: async () => {},
  }
}

async function realShadows(ctx: Context, url: string): Promise<Shadows> {
  const [{ settingsFrom }, { openScratchServer }] = await Promise.all([import("../pg/settings-from.ts"), import("../pg/scratch.ts")])
  const settings = settingsFrom({ url, env: {} })!
  if (settings.password) ctx.hide?.(settings.password)
  const server = await openScratchServer(settings, { version: ctx.version, runId: ctx.uuid() })
  return { key: server.engine, open: server.open, close: server.close }
}
