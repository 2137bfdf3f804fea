/** Pain 13: two pods migrate at once. */
import { describe, expect, test } from "bun:test"
import { eventually } from "../../support/migrating.ts"
import { FAULT_MAJORS } from "../../support/majors.ts"
import { ledger, site } from "../../support/site.ts"

/** Waits until the test opens it. */
const GATE = "DO $$ BEGIN WHILE NOT EXISTS (SELECT FROM gate) LOOP PERFORM pg_sleep(0.05); END LOOP; END $$;\n"

describe.each(FAULT_MAJORS)("PostgreSQL %i", major => {
  test("one works, the other says whom it waits for and ends well; with --lock-wait 0 it does not wait", async () => {
    await using at = await site(major, { "0001_a.sql": `CREATE TABLE a (n int);\n${GATE}`, "0002_b.sql": "CREATE TABLE b (n int);\n" })
    await at.ask("create table gate (n int)")
    const one = at.start("db migrate up")
    await at.busy("FROM gate")
    const [two, impatient] = [at.start("db migrate up"), await at.run("db migrate up --lock-wait 0")]
    expect([impatient.exit, impatient.stderr]).toEqual([7, expect.stringContaining("another runner holds the migration lock of schema public")])
    expect(impatient.stderr).toMatch(/pid \d+ \(nself\/\S+ from 127\.0\.0\.1\), \d+ s: CREATE TABLE a/)
    await eventually(async () => (await at.ask("select count(distinct application_name)::int as n from pg_stat_activity where application_name like 'nself/%' and datname = current_database()"))[0]?.["n"] === 2)
    await Bun.sleep(500)
    await at.ask("insert into gate values (1)")
    expect((await one.end).exit).toBe(0)
    const { exit, stderr } = await two.end
    expect([exit, stderr]).toEqual([0, expect.stringContaining("waiting for another runner that migrates schema public: pid")])
    expect(await ledger(at)).toEqual(["1 applied", "2 applied"])
  })
})
