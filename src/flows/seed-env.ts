import type { Context } from "../core/context.ts"
import type { Database } from "../core/types.ts"
import type { Setup } from "./setup.ts"

export interface ChildTarget {
  readonly setup: Setup
  readonly database: Database
  /** The value of `--url`. */
  readonly url: string | null
  readonly schema: string
}

/** The environment of a program of the user's that shall reach this database; `close` shuts the door that was opened for it. */
export async function childEnv(ctx: Context, target: ChildTarget): Promise<{ readonly env: Readonly<Record<string, string | undefined>>; readonly close: () => Promise<void> }> {
  const { setup, database, url, schema } = target
  const { connectionEnv, loopbackEnv } = await import("../pg/child-env.ts")
  const listener = (await database.listen?.()) ?? null
  const connection = listener ? loopbackEnv(listener.port) : await connectionEnv(await settingsOf(setup, url))
  const env = {
    NODE_ENV: setup.environment.name === "prod" ? "production" : "development",
    ...setup.environment.env,
    ...(connection["POSTGRES_PASSWORD"] === undefined ? { POSTGRES_PASSWORD: undefined, PGPASSWORD: undefined } : {}),
    ...connection,
    NSELF_ENV: setup.environment.name,
    ...(schema === "public" ? {} : { PGOPTIONS: `${ctx.env["PGOPTIONS"] ?? ""} -c search_path=${schema}`.trim() }),
  }
  return { env, close: async () => void (await listener?.close()) }
}

async function settingsOf({ environment, config }: Setup, url: string | null) {
  const { settingsFrom } = await import("../pg/settings-from.ts")
  return settingsFrom({ url, env: environment.env, credentials: config.credentials })!
}
