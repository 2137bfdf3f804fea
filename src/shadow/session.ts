import type { PGlite } from "@electric-sql/pglite"
import { literal } from "../core/ident.ts"
import type { Session } from "../core/types.ts"
import { copyIn } from "./copy.ts"

/** `18.6` out of 180006. */
function release(versionNum: number): string {
  return `${Math.floor(versionNum / 10_000)}.${versionNum % 10_000}`
}

/** Runs several statements in one message; the error that is thrown carries `statement`. */
async function runScript(pglite: PGlite, sql: string): Promise<void> {
  const { protocol } = await import("@electric-sql/pglite")
  const message = protocol.serialize.query(sql)
  await pglite.runExclusive(async () => {
    const { messages } = await pglite.execProtocol(message, { throwOnError: false })
    const failed = messages.findIndex(one => one.name === "error")
    if (failed < 0) return
    const done = messages.slice(0, failed).filter(one => one.name === "commandComplete").length
    throw withStatement(messages[failed] as unknown as Error & { code?: string }, done)
  })
}

/** A syntax error is found before anything runs, so the number of statements done says nothing about its place: `position` does. */
function withStatement(error: Error & { code?: string }, done: number): Error {
  return error.code === "42601" && done === 0 ? error : Object.assign(error, { statement: done })
}

/** Characters from which on a question is planned once for all the times it is asked: to plan `inspect`'s takes five times as long as to answer it. */
const LONG = 20_000

/** `query` that keeps the plans of long questions, the image's too; a migration that discards them costs a new plan, no more. */
function planningOnce(pglite: PGlite): Session["query"] {
  return async <R>(sql: string, params: readonly unknown[] = []) => {
    if (sql.length < LONG) return (await pglite.query<R>(sql, [...params])).rows
    const name = `nself_${Bun.hash(sql).toString(36)}`
    const { rows } = await pglite.query("select from pg_prepared_statements where name = $1", [name])
    if (rows.length === 0) await pglite.exec(`prepare ${name} as ${sql}`)
    return (await pglite.query<R>(`execute ${name}${params.length > 0 ? `(${params.map(String).map(literal).join(", ")})` : ""}`)).rows
  }
}

/**
 * A PGlite behind the interface that real servers have too. The one connection inside is shared by all its sessions.
 *
 * Values read: `int8` as number where safe, else bigint; `numeric` as text; times as Date; json parsed.
 *
 * @param close  what `close()` does: a shadow ends with its session, the database on disk does not
 */
export async function sessionOf(pglite: PGlite, close: () => Promise<void>): Promise<Session> {
  const { rows } = await pglite.query<{ num: number }>("select current_setting('server_version_num')::int as num")
  const versionNum = rows[0]!.num
  return {
    engine: `embedded PostgreSQL ${release(versionNum)}`,
    versionNum,
    query: planningOnce(pglite),
    script: sql => runScript(pglite, sql),
    copyIn: (sql, rows) => copyIn(pglite, sql, rows),
    cancel: async () => {},
    close,
  }
}
