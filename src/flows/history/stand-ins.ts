import type { Catalog } from "../../core/catalog.ts"
import { sha256 } from "../../core/checksum.ts"
import { namesIn } from "../../core/names-in.ts"
import type { Migration, Query } from "../../core/types.ts"
import { standInOf, type StandIn } from "../../kinds/stand-in.ts"
import { settle } from "./replay.ts"
import type { Shadows } from "./shadows.ts"

/** What was put in the place of extensions that the embedded PostgreSQL does not carry. */
export interface StoodIn {
  readonly shadows: Shadows
  readonly standIns: readonly StandIn[]
}

/**
 * Lets the embedded PostgreSQL read a history that makes extensions it does not carry: their types, functions and operators are put there by name, as the
 * database itself tells them. Nothing is proved of what needs them: it is compared as text, and that is said.
 *
 * @param query  the database that has the extensions
 * @returns `null` where the files need nothing of the kind, or the database has it not either
 */
export async function withStandIns(shadows: Shadows, files: readonly Migration[], query: Query): Promise<StoodIn | null> {
  if (!shadows.embedded) return null
  const { EXTENSION_FILES } = await import("../../shadow/extension-files.ts")
  const made = new Set((await Promise.all(files.filter(file => /\bextension\b/i.test(file.up.text)).map(file => namesIn(file.up.text)))).flatMap(names => names.extensions))
  const unknown = [...made].filter(name => name !== "plpgsql" && !Object.hasOwn(EXTENSION_FILES, name))
  const told: StandIn[] = []
  for (const name of unknown) told.push(...[await standInOf(query, name)].filter(one => one !== null))
  if (told.length === 0) return null
  const standIns = await thatRun(told)
  const { openShadow } = await import("../../shadow/shadow.ts")
  const key = `${shadows.key} with ${sha256(JSON.stringify(standIns))}`
  return { standIns, shadows: { ...shadows, key, open: () => openShadow({ standIns }) } }
}

/** Without the statements that need what is not there; each extension is tried in a shadow that has the ones before it. */
async function thatRun(told: readonly StandIn[]): Promise<readonly StandIn[]> {
  const { openShadow } = await import("../../shadow/shadow.ts")
  const shadow = await openShadow()
  try {
    const result: StandIn[] = []
    await shadow.script("set check_function_bodies = off; begin")
    for (const one of told) {
      const left = new Set((await settle(shadow, one.statements)).map(refused => refused.statement))
      result.push({ ...one, statements: one.statements.filter(statement => !left.has(statement)) })
    }
    return result
  } finally {
    await shadow.close()
  }
}

/** One sentence for each extension: what could not be asked of PostgreSQL. */
export function standInNotes({ standIns }: StoodIn, live: Catalog): string[] {
  return standIns.map(({ name }) => {
    const users = [...live.needs].filter(([, needs]) => needs.includes(`extension:${name}`)).map(([id]) => id.replace(":", " ")).toSorted()
    const what = users.length === 0 ? "nothing needs it" : `what needs it was compared as text: ${users.slice(0, 5).join(", ")}${users.length > 5 ? ` and ${users.length - 5} more` : ""}`
    return `extension ${name} is not in the embedded PostgreSQL; ${what} (--shadow-url <url> lets a real server be the shadow)`
  })
}
