import { searchPath } from "../../pg/session-state.ts"
import { HOME } from "../database.ts"
import type { Home } from "./home.ts"

/**
 * The environment of a program of the user's that shall reach this database; `close` shuts the door that was opened for it.
 *
 * @param url  the value of `--url`
 */
export async function childEnv(home: Home, url: string | null): Promise<{ readonly env: Readonly<Record<string, string | undefined>>; readonly close: () => Promise<void> }> {
  const { setup: { environment }, database, schema, extensionSchema } = home
  const { connectionEnv, loopbackEnv } = await import("../../pg/child-env.ts")
  const path = schema === HOME ? null : searchPath(schema, extensionSchema)
  const listener = (await database.listen?.(path)) ?? null
  const connection = listener ? loopbackEnv(listener.port) : await connectionEnv(await settingsOf(home, url))
  const env = {
    NODE_ENV: environment.name === "prod" ? "production" : "development",
    ...environment.env,
    ...(connection["POSTGRES_PASSWORD"] === undefined ? { POSTGRES_PASSWORD: undefined, PGPASSWORD: undefined } : {}),
    ...connection,
    NSELF_ENV: environment.name,
    ...(path === null ? {} : { PGOPTIONS: [environment.env["PGOPTIONS"] ?? "", `-c search_path=${path.replace(/[\\ ]/g, "\\$&")}`].join(" ").trim() }),
  }
  return { env, close: async () => void (await listener?.close()) }
}

async function settingsOf({ setup: { environment, config } }: Home, url: string | null) {
  const { settingsFrom } = await import("../../pg/settings-from.ts")
  return settingsFrom({ url, env: environment.env, credentials: config.credentials })!
}
