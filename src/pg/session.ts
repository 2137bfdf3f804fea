import type { Client } from "pg"
import type { PgError, Session } from "../core/types.ts"
import { copyIn } from "./copy.ts"
import { isPgError, lost } from "./pg-error.ts"
import { sendScript } from "./script.ts"

/** A message the server sends beside its answers: `RAISE NOTICE`, `skipping …`. */
export interface Notice {
  /** `NOTICE`, `WARNING`, `INFO` … as the server prints it. */
  readonly severity: string
  readonly message: string
}

/**
 * A connected client as a session. Once the connection is lost, everything rejects with SQLSTATE 08006; nothing reconnects.
 *
 * @param cancel  asks the server, over another connection, to stop what the backend with this pid runs
 */
export function sessionOf(client: Client, info: { engine: string; versionNum: number; pid: number }, cancel: (pid: number) => Promise<void>): Session {
  let dead: (Error & PgError) | null = null
  client.on("error", error => (dead ??= lost(error)))
  client.on("end", () => (dead ??= lost(new Error("the session is closed"))))
  const run = async <T>(work: () => Promise<T>): Promise<T> => {
    if (dead) throw dead
    return await work().catch((error: unknown) => {
      if (isPgError(error)) throw error
      if (isWire(error) || dead) throw (dead ??= lost(error))
      throw error
    })
  }
  return {
    engine: info.engine,
    versionNum: info.versionNum,
    query: <R>(sql: string, params: readonly unknown[] = []) =>
      run(async () => (await client.query<R & Record<string, unknown>>(sql, [...params])).rows as readonly R[]),
    script: (sql, heard) => run(async () => {
      const listen = ({ message }: { message?: string | undefined }): void => heard?.(message ?? "") // whatever its severity, which is in the server's language
      if (heard) client.on("notice", listen)
      await sendScript(client, sql).finally(() => client.off("notice", listen))
    }),
    copyIn: (sql, rows) => run(() => copyIn(client, sql, rows)),
    cancel: () => cancel(info.pid).catch(() => {}),
    close: async why => {
      dead ??= lost(new Error(why ?? "the session is closed"))
      await client.end().catch(() => {})
    },
  }
}

/** What `pg` throws without a SQLSTATE when the socket or the server goes away. */
function isWire(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = "code" in error ? String(error.code) : ""
  return /^(E[A-Z]+|ERR_.*)$/.test(code) || error.message.startsWith("Connection terminated") || error.message.includes("not queryable") || error.message.includes("closed")
}
