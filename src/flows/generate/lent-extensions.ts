import { Fault } from "../../core/fault.ts"
import { ident } from "../../core/ident.ts"
import type { PgError, Session } from "../../core/types.ts"
import { EXTENSION_FILES } from "../../shadow/extension-files.ts"
import { settle } from "../history/replay.ts"

export interface Broken {
  readonly statement: string
  readonly reason: string
}

/**
 * Makes the extensions that what is left needs: Drizzle has `vector("embedding", …)` and `.op("gin_trgm_ops")` but no word for the extension behind.
 * PostgreSQL decides: all are made, and those that can be dropped again were not needed. The rest belongs to the migration, and later to the history.
 *
 * @param shadow  inside a transaction
 * @returns what does not run with any of them
 */
export async function lendExtensions(shadow: Session, left: readonly Broken[]): Promise<readonly Broken[]> {
  if (left.length === 0) return []
  const there = new Set((await shadow.query<{ name: string }>("select extname as name from pg_extension")).map(row => row.name))
  const lent = Object.keys(EXTENSION_FILES).filter(name => !there.has(name))
  for (const name of lent) await codeOf(shadow, `create extension ${ident(name)}`)
  const open = await settle(shadow, left.map(one => one.statement))
  for (const name of lent) await codeOf(shadow, `drop extension ${ident(name)}`)
  return open
}

/** Tries a statement: `null` where it ran, else PostgreSQL's SQLSTATE. */
async function codeOf(shadow: Session, statement: string): Promise<string | null> {
  await shadow.script("savepoint trying")
  try {
    await shadow.script(statement)
    await shadow.script("release trying")
    return null
  } catch (error) {
    await shadow.script("rollback to trying; release trying")
    return (error as PgError).code ?? ""
  }
}

/** An object, a function or an extension's own files that are not there. Source: PostgreSQL docs, Appendix A. */
const UNKNOWN = ["42704", "42883", "0A000", "58P01"]

/** The fault for a declaration that PostgreSQL refuses, with what can be done about it. `place`: where it stands in a file of SQL; `null`: Drizzle said it. */
export async function cannotBeMade(shadow: Session, { statement, reason }: Broken, place: string | null): Promise<Fault> {
  const unknown = UNKNOWN.includes((await codeOf(shadow, statement)) ?? "")
  const hint = unknown
    ? `if SQL of your own makes it (a domain, a function), write that in src/db/sql/types.sql; of extensions, the embedded PostgreSQL carries ${Object.keys(EXTENSION_FILES).join(", ")}`
    : `mend ${place === null ? "the schema file that declares this" : place.replace(/:\d+$/, "")}, then type the same command again`
  return new Fault("failed", `${place === null ? "" : `${place}: `}the schema cannot be made: ${reason}\n\n${statement}`, hint)
}
