/** Pain 12: CONCURRENTLY waits for ever on the tool's own lock. */
import { describe, expect, test } from "bun:test"
import { FAULT_MAJORS } from "../../support/majors.ts"
import { ledger, site } from "../../support/site.ts"

describe.each(FAULT_MAJORS)("PostgreSQL %i", major => {
  test("while runners wait for the lock, and look at it, none holds a snapshot: five at once build two indexes", async () => {
    await using at = await site(major, { "0001_i.sql": "CREATE INDEX CONCURRENTLY q_id ON q (id);\nCREATE INDEX CONCURRENTLY q_t ON q (t);\n" })
    await at.ask("create table q as select g as id, md5(g::text) as t from generate_series(1, 20000) g")
    const started = performance.now()
    const runs = Array.from({ length: 5 }, () => at.start("db migrate up"))
    let oldest = 0
    for (let over = false; !over; await Bun.sleep(30)) {
      over = await Promise.race([Promise.all(runs.map(run => run.end)).then(() => true), Bun.sleep(1).then(() => false)])
      const [row] = await at.ask<{ age: number }>("select coalesce(max(extract(epoch from clock_timestamp() - xact_start)), 0)::float8 as age from pg_stat_activity where datname = current_database() and application_name like 'nself/%' and query not ilike '%concurrently%'")
      oldest = Math.max(oldest, row!.age)
    }
    expect((await Promise.all(runs.map(run => run.end))).map(end => end.exit)).toEqual([0, 0, 0, 0, 0])
    expect(oldest).toBeLessThan(5) // no transaction of a waiting runner stays open
    expect(performance.now() - started).toBeLessThan(60_000)
    expect(await ledger(at)).toEqual(["1 applied"])
  }, 90_000)
})
