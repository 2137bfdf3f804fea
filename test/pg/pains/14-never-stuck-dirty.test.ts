/** Pain 14: stuck "dirty" after a crash. */
import { describe, expect, test } from "bun:test"
import { FAULT_MAJORS } from "../../support/majors.ts"
import { ledger, site } from "../../support/site.ts"

describe.each(FAULT_MAJORS)("PostgreSQL %i", major => {
  test("killed between statements that no transaction holds: the ledger says how far it came, status tells, up goes on there", async () => {
    await using at = await site(major, { "0001_a.sql": "CREATE TABLE q (id int);\nCREATE INDEX CONCURRENTLY q_id ON q (id);\nINSERT INTO q VALUES (1);\nSELECT pg_sleep(20);\nCREATE TABLE last (n int);\n" })
    const { child } = at.start("db migrate up")
    await at.busy("pg_sleep(20)")
    child.kill("SIGKILL")
    await at.quiet()
    expect(await at.ask("select state, statement_no from np_migrations")).toEqual([{ state: "running", statement_no: 3 }])
    expect((await at.run("db migrate status")).stdout).toContain("0001_a  (begun, not finished: nself db migrate up goes on)")
    await at.ask("create function public.pg_sleep(int) returns void language sql as 'select null'")
    await at.ask("alter function public.pg_sleep(int) rename to unused")
    const again = at.start("db migrate up")
    await at.busy("pg_sleep(20)")
    await at.ask("select pg_terminate_backend(pid) from pg_stat_activity where query like '%pg_sleep(20)%' and pid <> pg_backend_pid()")
    await at.busy("pg_sleep(20)") // the session was lost, and it went on by itself
    again.child.kill("SIGTERM")
    expect((await again.end).exit).toBe(143)
    expect(await at.ask("select count(*)::int as n from q")).toEqual([{ n: 1 }])
    expect(await ledger(at)).toEqual(["1 failed"])
  }, 60_000)

  test("killed inside of a transaction: nothing to clean up", async () => {
    await using at = await site(major, { "0001_a.sql": "CREATE TABLE q (id int);\nSELECT pg_sleep(1);\n" })
    const { child } = at.start("db migrate up")
    await at.busy("pg_sleep(1)")
    child.kill("SIGKILL")
    await at.quiet()
    expect(await ledger(at)).toEqual([])
    expect((await at.run("db migrate up")).exit).toBe(0)
  })
})
