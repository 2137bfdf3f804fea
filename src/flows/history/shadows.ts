import { sha256 } from "../../core/checksum.ts"
import type { Context } from "../../core/context.ts"
import { heard } from "../../core/heard.ts"
import type { Session } from "../../core/types.ts"
import { shadowTrace } from "../../shadow/listener.ts"
import { platformSql } from "../../shadow/platform.ts"
import type { Setup } from "../setup.ts"

/** Where shadows come from: the PostgreSQL inside nself, or a real server that lends scratch databases. */
export interface Shadows {
  /** Names the engine before one is started: part of a cache's key. */
  readonly key: string
  /** `false`: a real server. */
  readonly embedded: boolean
  /** A fresh, empty database; `close()` of its session ends it. */
  open(): Promise<Session>
  close(): Promise<void>
}

/** `url`: the value of `--shadow-url`; `NSELF_SHADOW_URL` says it where the flag does not. */
export async function shadowsOf(ctx: Context, setup: Pick<Setup, "environment">, url: string | null): Promise<Shadows> {
  if (url) return realShadows(ctx, url, "--shadow-url")
  const named = setup.environment.env["NSELF_SHADOW_URL"]
  if (named && url === null) return realShadows(ctx, named, "NSELF_SHADOW_URL")
  const { EMBEDDED_VERSION } = await import("../../shadow/version.ts")
  return {
    key: keyWith(EMBEDDED_VERSION), embedded: true,
    open: async () => (await import("../../shadow/shadow.ts")).openShadow(),
    close: async () => {},
  }
}

async function realShadows(ctx: Context, url: string, urlFrom: string): Promise<Shadows> {
  const [{ settingsFrom }, { openScratchServer }] = await Promise.all([import("../../pg/settings-from.ts"), import("../../pg/scratch.ts")])
  const settings = settingsFrom({ url, urlFrom, env: {} })!
  if (settings.password) ctx.hide?.(settings.password)
  const server = await openScratchServer(settings, { version: ctx.version, runId: ctx.uuid() })
  const trace = shadowTrace()
  const open = trace ? async () => heard(await server.open(), trace) : server.open
  return { key: keyWith(server.engine), embedded: false, open: () => withPlatformIn(open), close: server.close }
}

/** A platform's objects change what a replay gives. */
function keyWith(engine: string): string {
  const sql = platformSql()
  return sql === null ? engine : `${engine} ${sha256(sql)}`
}

async function withPlatformIn(open: () => Promise<Session>): Promise<Session> {
  const session = await open()
  const sql = platformSql()
  try {
    if (sql !== null) await session.script(sql)
    return session
  } catch (error) {
    await session.close()
    throw error
  }
}
