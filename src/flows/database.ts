import type { Context } from "../core/context.ts"
import { Fault } from "../core/fault.ts"
import { passwordsIn, secretsOf } from "../core/redact.ts"
import type { Database, PgError, Session } from "../core/types.ts"
import type { ConnectionSettings } from "../pg/settings.ts"
import { embeddedFolder, type Setup } from "./setup.ts"

/** The schema that holds the application's tables and the ledger. */
export const HOME = "public"

/** How long a command waits for another one that has the embedded database open. Milliseconds. */
const EMBEDDED_WAIT_MS = 30_000

/** How long a command that changes something asks a server again that takes nobody in. Milliseconds. */
const PATIENT_MS = 60_000

export interface OpenOptions {
  /** The value of `--url`. */
  readonly url: string | null
  /** For messages and for the lock of the embedded database: `db migrate up`. */
  readonly command: string
  readonly runId: string
  /** Whether something is changed: then a standby will not do, and a server that takes nobody in just now is asked again. */
  readonly writes?: boolean
  /** For how long; a minute unless said. Milliseconds. */
  readonly retryForMs?: number
}

/**
 * Runs `work` on the database of this environment and closes it: `--url`, then the environment, then the config, then, in dev only and
 * said aloud, the embedded one in `.nself/`. What PostgreSQL refuses and nobody explained better becomes a `failed` fault.
 */
export async function withDatabase<T>(ctx: Context, setup: Setup, options: OpenOptions, work: (database: Database) => Promise<T>): Promise<T> {
  const database = await openDatabase(ctx, setup, options)
  try {
    return await work(database)
  } catch (error) {
    throw explained(error, database.label)
  } finally {
    await database.close()
  }
}

/** Opens the database of this environment; the caller closes it. Throws `usage` when none is configured outside dev. */
export async function openDatabase(ctx: Context, setup: Setup, options: OpenOptions): Promise<Database> {
  const database = await openUnheard(ctx, setup, options)
  return ctx.trace ? (await import("./trace.ts")).traced(database, ctx.trace) : database
}

async function openUnheard(ctx: Context, setup: Setup, options: OpenOptions): Promise<Database> {
  const { url, command } = options
  if (url !== null && passwordsIn(url).length > 0) ctx.talk("warning: everybody on this machine can read a password in --url (ps); DATABASE_URL, --url-env and --url-file hide it")
  const { settingsFrom } = await import("../pg/settings-from.ts")
  const settings = settingsFrom({ url, env: setup.environment.env, credentials: setup.config.credentials })
  if (settings) return openSettings(ctx, setup, settings, options)
  const { name } = setup.environment
  if (name !== "dev" && name !== "test") {
    throw new Fault("usage", `no database is configured for env ${name}`, `set DATABASE_URL in .env.${name} or in the environment, or give --url`)
  }
  ctx.talk("Using the embedded PostgreSQL in .nself/ (no database is configured; DATABASE_URL would name one)")
  const { openEmbedded } = await import("../shadow/embedded.ts")
  return openEmbedded(embeddedFolder(setup), { waitMs: EMBEDDED_WAIT_MS, command })
}

async function openSettings(ctx: Context, setup: Setup, settings: ConnectionSettings, { runId, writes = false, retryForMs = PATIENT_MS }: OpenOptions): Promise<Database> {
  const { env } = setup.environment
  const { passwordFromFile } = await import("../pg/pgpass.ts")
  const password = settings.password ?? (await passwordFromFile(settings, env, ctx.talk))
  if (password) ctx.hide?.(password)
  const { tlsWarning } = await import("../pg/tls-warning.ts")
  const warning = tlsWarning(settings, env, setup.environment.name)
  if (warning) ctx.talk(warning)
  await warnOfReadable(ctx, setup)
  const { openServer } = await import("../pg/server.ts")
  const target = writes && settings.target === "any" ? "read-write" : settings.target
  return openServer({ ...settings, password, target }, {
    version: ctx.version, runId, notice: ({ severity, message }) => ctx.talk(`${severity}: ${message}`),
    ...(writes && { patient: { forMs: retryForMs, waiting: ctx.talk } }),
  })
}

/** Where people work, a file with a password is nobody's but its owner's. */
async function warnOfReadable(ctx: Context, { root, environment }: Setup): Promise<void> {
  if (environment.name !== "staging" && environment.name !== "prod") return
  const { readableByOthers } = await import("../files/env-secrecy.ts")
  const open = await readableByOthers(root, environment.read.filter(one => secretsOf(one.values).length > 0).map(one => one.file))
  if (open.length > 0) ctx.talk(`warning: ${open.join(", ")} holds a password and may be read by others: chmod 600 ${open.join(" ")}`)
}

/** The session that the last `withSession` left in order: to open another one costs more than most questions. */
const spare = new WeakMap<Database, Session>()

/** The session that `withSession` left, else a new one; the caller's own from now on, and the caller's to close. */
export async function ownSession(database: Database): Promise<Session> {
  const left = spare.get(database)
  spare.delete(database)
  return left ?? (await database.session())
}

/** Runs `work` over a session that nobody else uses meanwhile. It must leave no transaction and no setting behind. */
export async function withSession<T>(database: Database, work: (session: Session) => Promise<T>): Promise<T> {
  const session = await ownSession(database)
  try {
    const result = await work(session)
    spare.set(database, session)
    return result
  } catch (error) {
    await session.close()
    throw error
  }
}

/** The server stopped a question of nself's own. */
const TOO_SHORT = "nself's own questions are under the role's statement_timeout, which is too short for this one: ALTER ROLE … SET statement_timeout = '1min'"

/** What PostgreSQL refused and nobody explained better, as a `failed` fault; anything else as it is. */
export function explained(error: unknown, label: string): unknown {
  const { code, message, hint } = error as Partial<PgError>
  if (error instanceof Fault || typeof code !== "string" || !/^[0-9A-Z]{5}$/.test(code)) return error
  return new Fault("failed", `${label}: ${message} (SQLSTATE ${code})`, hint ?? (code === "57014" ? TOO_SHORT : "nself db migrate status"), error)
}
