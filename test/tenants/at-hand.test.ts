import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import type { Fault } from "../../src/core/fault.ts"
import { ident } from "../../src/core/ident.ts"
import { splitStatements } from "../../src/core/statements.ts"
import type { Database, Session } from "../../src/core/types.ts"
import { ensureAudit } from "../../src/pg/audit.ts"
import { openServer } from "../../src/pg/server.ts"
import { settingsFrom } from "../../src/pg/settings-from.ts"
import { applyTenant } from "../../src/pg/tenants/apply-tenant.ts"
import { letGo } from "../../src/pg/tenants/at-hand.ts"
import { prepared, type TenantWork } from "../../src/pg/tenants/message.ts"
import { ask } from "../support/migrating.ts"
import { startServer, type Major } from "../support/server.ts"

const NAMES = ["plain", `o'brien "x"`, "a.b c", "back\\slash", "ünïcode--", "$1", "another"] as const
const actor = { runId: crypto.randomUUID(), nself: "test", osUser: "o'brien", host: null, ciRun: null, gitCommit: null }

/** The work of one file that makes a table, at tenants without a ledger. */
async function workOn(versionNum: number): Promise<(schema: string) => TenantWork> {
  const text = `create table "$1" (id int);\n`
  const migration = { seq: 1, name: "0001_$1", up: { path: "migrations/0001_$1.sql", text, sha256: "a".repeat(64) }, down: null }
  const files = [prepared("up", migration, await splitStatements(text))]
  return schema => ({ direction: "up", schema, versionNum, files, ledger: null, begun: new Set(), runId: actor.runId, version: "test", audit: { home: "public", actor }, fastCommit: false })
}

describe.each([14, 18] as readonly Major[])("what a session says at every tenant, on PostgreSQL %d", major => {
  let url = ""
  let database: Database
  let session: Session
  let work: (schema: string) => TenantWork
  beforeAll(async () => {
    url = await (await startServer(major)).database()
    database = await openServer(settingsFrom({ url, env: {} })!, { version: "test", runId: actor.runId })
    session = await database.session()
    await ensureAudit(session, "public")
    work = await workOn(session.versionNum)
  })
  afterAll(() => database.close())

  const apply = async (schema: string) => (await applyTenant(session, work(schema), null, () => false)).kind
  const at = async (schema: string) => {
    await ask(url, `create schema ${ident(schema)}`)
    return apply(schema)
  }
  const kept = async (): Promise<number> => (await session.query("select from pg_prepared_statements where name like 'nself%'")).length
  const noted = async () => (await ask<{ who: string }>(url, "select schema_name || ' ' || name || ' ' || os_user as who from np_migrations_audit order by id")).map(row => row.who)

  test("it is kept ready from the second tenant on, and hostile names are as good as others", async () => {
    const had: number[] = []
    for (const name of NAMES) {
      expect(await at(name)).toBe("applied")
      had.push(await kept())
    }
    expect(had).toEqual([0, 1, 1, 1, 1, 1, 1])
    expect(await noted()).toEqual(NAMES.map(name => `${name} 0001_$1 o'brien`))
  })

  test("where somebody else is, no schema is, or the ledger is another one, nothing is done and nothing noted", async () => {
    const before = await noted()
    await ask(url, "create schema taken")
    const other = await database.session()
    await other.script("begin")
    await other.query("select pg_advisory_xact_lock(hashtextextended('nself:v1:' || current_database() || ':taken', 0))")
    expect(await apply("taken")).toBe("busy")
    await other.close()
    expect(await apply("plain")).toBe("changed")
    expect((await apply("nowhere").catch((fault: Fault) => fault) as Fault).message).toContain(`schema "nowhere" does not exist`)
    expect([await noted(), await ask(url, "select from pg_class where relnamespace = 'taken'::regnamespace")]).toEqual([before, []])
  })

  test("a server that has forgotten it (a pooler that nobody sees) is told in full, from then on", async () => {
    await session.script("deallocate all")
    expect([await at("forgotten_1"), await at("forgotten_2"), await at("forgotten_3"), await kept()]).toEqual(["applied", "applied", "applied", 0])
  })

  test("after DISCARD ALL it is said anew; a name that is there already is the same text", async () => {
    await session.script("discard all")
    letGo(session)
    expect([await at("anew_1"), await at("anew_2"), await kept()]).toEqual(["applied", "applied", 1])
    letGo(session) // the server still has it
    expect([await at("anew_3"), await at("anew_4"), await kept()]).toEqual(["applied", "applied", 1])
  })
})
