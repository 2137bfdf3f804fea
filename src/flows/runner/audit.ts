import { hostname, userInfo } from "node:os"
import { ciCommitOf, ciRunOf, type Actor, type AuditEvent } from "../../core/audit.ts"
import type { Context } from "../../core/context.ts"
import type { Database, Session } from "../../core/types.ts"
import { headCommit } from "../../files/head.ts"
import { HOME, withSession } from "../database.ts"
import type { Setup } from "../setup.ts"

/** Who runs this command: asked once per run, before the database is opened. */
export async function actorOf({ env, version }: Context, { root }: Pick<Setup, "root">, runId: string): Promise<Actor> {
  return {
    runId, nself: version, osUser: osUser(env), host: hostname() || null, ciRun: ciRunOf(env),
    gitCommit: ciCommitOf(env) ?? (await headCommit(root)),
  }
}

/** A random uid of a container has no name. */
function osUser(env: Context["env"]): string | null {
  try {
    return userInfo().username
  } catch {
    return env["USER"] || env["LOGNAME"] || null
  }
}

/** Adds one row to the audit table, which is made where it is missing. Outside of a transaction; inside of one call `recordAudit` after `ensureAudit`. */
export async function audit(session: Session, actor: Actor, event: AuditEvent): Promise<void> {
  const { ensureAudit, recordAudit } = await import("../../pg/audit.ts")
  await ensureAudit(session, HOME)
  await recordAudit(session, HOME, actor, event)
}

/** Writes down a failure, over a session of its own, as well as that is still possible: it must not hide the failure itself. */
export async function auditFailure(database: Database, actor: Actor, event: Omit<AuditEvent, "result">): Promise<void> {
  await withSession(database, session => audit(session, actor, { ...event, result: "failed" })).catch(() => {})
}
