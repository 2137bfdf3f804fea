import type { Context } from "../../core/context.ts"
import { claimOf, type EnvironmentMark } from "../../core/environment-mark.ts"
import { Fault } from "../../core/fault.ts"
import { readJournal } from "../../files/journal.ts"
import { readMigrations } from "../../files/migrations.ts"
import { actorOf, audit } from "./audit.ts"
import { HOME, withDatabase, withSession } from "../database.ts"
import { ledgerOf } from "./steps.ts"
import { setUp } from "../setup.ts"

export interface MarkRequest {
  /** The value of `--env`: what the database is from now on. */
  readonly env: string | null
  /** The value of `--url`. */
  readonly url: string | null
  /** The database's name, typed by a person who means this one. */
  readonly database: string | null
}

export interface Marked {
  readonly database: string
  readonly environment: string
  /** `null`: it carried no mark. */
  readonly before: EnvironmentMark | null
}

/** Marks a database as this environment's and this project's, because it has become so: a copy of another one, a history begun anew. Throws `usage` unless its name was given. */
export async function mark(ctx: Context, request: MarkRequest): Promise<Marked> {
  const setup = await setUp(ctx, request.env)
  const history = { files: await readMigrations(setup.root, setup.out), journal: await readJournal(setup.root, setup.out) }
  const actor = await actorOf(ctx, setup, ctx.uuid())
  return withDatabase(ctx, setup, { url: request.url, command: "db mark", runId: actor.runId }, async database => {
    const claim = claimOf(setup.environment.name, history, await ledgerOf(database))
    const { replaceMark } = await import("../../pg/environment-mark.ts")
    return withSession(database, async session => {
      const [row] = await session.query<{ name: string }>("select current_database()::text as name")
      if (request.database !== row!.name) throw unnamed(request.database, row!.name, database.label, claim.environment)
      const before = await replaceMark(session, HOME, claim)
      await audit(session, actor, {
        action: "mark", schema: HOME, version: null, name: null, before: null, after: null, result: "done", detail: `${before?.environment ?? "no mark"} becomes ${claim.environment}`,
      })
      return { database: database.label, environment: claim.environment, before }
    })
  })
}

function unnamed(typed: string | null, name: string, label: string, environment: string): Fault {
  const why = typed === null ? "say which database is meant" : `this database is not called ${typed}`
  return new Fault("usage", `${why}: ${label}`, `nself db mark --env ${environment} --database ${name}`)
}
