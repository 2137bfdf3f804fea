import type { AuditRow } from "../../core/audit.ts"
import type { Context } from "../../core/context.ts"
import { HOME, withDatabase, withSession } from "../database.ts"
import { setUp } from "../setup.ts"

export interface LogRequest {
  /** The value of `--env`. */
  readonly env: string | null
  /** The value of `--url`. */
  readonly url: string | null
  /** Newest entries, at most. */
  readonly limit: number
  /** Only those of this migration. */
  readonly version: number | null
}

export interface Log {
  readonly env: string
  readonly database: string
  /** Newest first. */
  readonly entries: readonly AuditRow[]
}

/** Who did what to this database, newest first. Changes nothing. */
export async function log(ctx: Context, { env, url, limit, version }: LogRequest): Promise<Log> {
  const setup = await setUp(ctx, env)
  return withDatabase(ctx, setup, { url, command: "db migrate log", runId: ctx.uuid() }, async database => {
    const { readAudit } = await import("../../pg/audit.ts")
    const entries = await withSession(database, session => readAudit(session, HOME, { limit, ...(version === null ? {} : { version }) }))
    return { env: setup.environment.name, database: database.label, entries }
  })
}
