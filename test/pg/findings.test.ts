import { afterAll, beforeAll, expect, test } from "bun:test"
import { splitStatements } from "../../src/core/statements.ts"
import type { Database } from "../../src/core/types.ts"
import { findingsIn } from "../../src/flows/runner/steps.ts"
import { ensureAudit } from "../../src/pg/audit.ts"
import { applyMigration } from "../../src/pg/migrator.ts"
import { migration, opened, step } from "../support/migrating.ts"
import { startServer, type TestServer } from "../support/server.ts"

let server: TestServer
beforeAll(async () => void (server = await startServer(18)), 60_000)
afterAll(() => server.stop())

const ACTOR = { runId: crypto.randomUUID(), osUser: "anna", host: "laptop", ciRun: null, gitCommit: null, nself: "0.0.0" }

/** The database, in which something happens just before the audit table is read. */
function interrupted(database: Database, happens: () => Promise<void>): Database {
  return {
    ...database,
    session: async () => {
      const session = await database.session()
      let before = happens
      return { ...session, query: async (sql, params) => {
        if (params?.includes("np_migrations_audit")) await before().finally(() => (before = async () => {}))
        return session.query(sql, params)
      } }
    },
  }
}

test("what another runner commits between two readings is no ledger that somebody emptied (one of eight runners ended with exit 4)", async () => {
  const database = await opened(await server.database())
  const other = await database.session()
  await ensureAudit(other, "public")
  const one = migration(1, "create table a (id int);")
  let applied = 0
  const seen = await findingsIn(interrupted(database, async () => {
    const done = await applyMigration(other, step(one, { audit: { home: "public", actor: ACTOR } }), await splitStatements(one.up.text))
    if (done.kind === "applied") applied++
  }), [one])
  expect(applied).toBe(1)
  expect(seen).toEqual([])
  await other.query("delete from np_migrations")
  expect(await findingsIn(database, [one])).toMatchObject([{ kind: "ledger gone" }])
  await database.close()
})
