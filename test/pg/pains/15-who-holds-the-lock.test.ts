/** Pain 15: the lock times out with no word on who holds it. */
import { describe, expect, test } from "bun:test"
import { Client } from "pg"
import { FAULT_MAJORS } from "../../support/majors.ts"
import { site } from "../../support/site.ts"

describe.each(FAULT_MAJORS)("PostgreSQL %i", major => {
  test("a table's lock and the migration lock: pid, application, host, age and query of the holder, literals masked", async () => {
    await using at = await site(major, { "0001_a.sql": "ALTER TABLE q ADD COLUMN x int;\n" })
    await at.ask("create table q (id int)")
    const holder = new Client({ connectionString: at.url, application_name: "billing" })
    await holder.connect()
    const pid = (holder as unknown as { processID: number }).processID
    await holder.query("begin; select * from q where 'hidden' <> ''")
    const table = await at.run("db migrate up --lock-retry-for 700ms")
    expect([table.exit, table.stderr]).toEqual([7, expect.stringMatching(new RegExp(`locks are held by:\\n  pid ${pid} \\(billing from 127\\.0\\.0\\.1\\), \\d+ s: begin; select \\* from q where '…' <> '…'`))])
    await holder.query("rollback; select pg_advisory_lock(hashtextextended('nself:v1:' || current_database() || ':public', 0))")
    const lock = await at.run("db migrate up --lock-wait 0")
    expect([lock.exit, lock.stderr]).toEqual([7, expect.stringContaining(`pid ${pid} (billing from 127.0.0.1)`)])
    expect(lock.stderr).toContain(`SELECT pg_terminate_backend(${pid})`)
    await holder.end()
  })
})
