import type { PGlite } from "@electric-sql/pglite"
import { Fault } from "../core/fault.ts"
import { PLATFORM } from "../core/platform.ts"

/** What a hosting platform brings along, as the project's config says it; one project a process. */
let platform: { readonly sql: string; readonly path: string } | null = null

/** From now on every shadow of this process begins with what this SQL makes. `path`: for messages. */
export function usePlatform(given: { readonly sql: string; readonly path: string } | null): void {
  platform = given
}

/** What every shadow begins with; `null`: nothing. */
export const platformSql = (): string | null => platform?.sql ?? null

/**
 * Makes the platform's objects as members of an extension: migrations can use them, and no catalog ever shows them, for they are not the
 * project's own. Throws a `failed` fault that names the file where PostgreSQL refuses it.
 */
export async function installPlatform(pglite: PGlite): Promise<void> {
  if (platform === null) return
  const { sql, path } = platform
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
  const folder = "/pglite/share/postgresql/extension"
  pglite.copyToFS(`${folder}/${PLATFORM}.control`, bytes("default_version = '1'\nrelocatable = false\nschema = pg_catalog\n"))
  pglite.copyToFS(`${folder}/${PLATFORM}--1.sql`, bytes(`set local search_path to public;\n${sql}`))
  try {
    await pglite.exec(`create extension ${PLATFORM}`)
  } catch (error) {
    throw new Fault("failed", `${path} (nself.shadow.setup) does not run in the shadow: ${(error as Error).message}`, `mend ${path}, then type the same command again`, error)
  }
}
