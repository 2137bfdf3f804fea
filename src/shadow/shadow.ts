import type { Session } from "../core/types.ts"
import { boot } from "./boot.ts"
import { installPlatform } from "./platform.ts"
import { sessionOf } from "./session.ts"
import { template } from "./template.ts"

/**
 * A fresh, empty PostgreSQL that lives in memory until `close()`.
 *
 * @param options.extensions  those that `CREATE EXTENSION` may need here; all that nself carries without it
 */
export async function openShadow(options: { readonly extensions?: readonly string[] } = {}): Promise<Session> {
  const pglite = await boot({ template: template("shadow"), ...options })
  await installPlatform(pglite)
  return sessionOf(pglite, () => pglite.close())
}
