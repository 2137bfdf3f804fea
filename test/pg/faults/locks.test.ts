/** FAULTS.md, section 5: others who hold locks, and poolers. */
import { describe, expect, test } from "bun:test"
import { Client } from "pg"
import { FAULT_MAJORS } from "../../support/majors.ts"
import { eventually } from "../../support/migrating.ts"
import { testThatNeeds } from "../../support/needs.ts"
import { PGBOUNCER, startPgBouncer } from "../../support/pgbouncer.ts"
import { startServer } from "../../support/server.ts"
import { ledger, site, type Site } from "../../support/site.ts"

const ALTER = { "0001_a.sql": "ALTER TABLE q ADD COLUMN x int;\n" }
const COUNTER = { "0001_c.sql": "CREATE TABLE IF NOT EXISTS counter (n int);\nINSERT INTO counter VALUES (1);\nSELECT pg_sleep(0.3);\n" }
const LOCK = "hashtextextended('nself:v1:' || current_database() || ':public', 0)"

async function client(at: Site, name: string): Promise<Client & AsyncDisposable> {
  const made = new Client({ connectionString: at.url, application_name: name })
  made.on("error", () => {})
  await made.connect()
  return Object.assign(made, { [Symbol.asyncDispose]: () => made.end() })
}

describe.each(FAULT_MAJORS)("PostgreSQL %i", major => {
  test("#8 eight runners at once: exactly once, and all of them end with 0", async () => {
    await using at = await site(major, COUNTER)
    const ends = await Promise.all(Array.from({ length: 8 }, () => at.start("db migrate up").end))
    expect(ends.map(end => end.exit)).toEqual(Array(8).fill(0))
    expect(ends.filter(end => end.stdout.includes("Applied 1 migration")).length).toBe(1)
    expect(ends.filter(end => end.stdout.includes("Nothing to do")).length).toBe(7)
    expect(await at.ask("select count(*)::int as n from counter")).toEqual([{ n: 1 }])
  }, 60_000)

  test("#11 a lock that another tool holds: pid, application, age and query are told, nobody is killed, --lock-wait is kept", async () => {
    await using at = await site(major, COUNTER)
    await using other = await client(at, "some tool")
    const [row] = (await other.query(`select pg_backend_pid() as pid, pg_advisory_lock(${LOCK}), 'secret' <> ''`)).rows as { pid: number }[]
    const started = performance.now()
    const { exit, stderr } = await at.run("db migrate up --lock-wait 1s")
    expect(exit).toBe(7)
    expect(stderr).toContain(`pid ${row!.pid} (some tool from 127.0.0.1)`)
    expect(stderr).toMatch(/, \d+ s: select pg_backend_pid\(\)/)
    expect(stderr).not.toContain("secret")
    expect(performance.now() - started).toBeLessThan(6000)
    expect((await other.query("select 1 as alive")).rows).toEqual([{ alive: 1 }])
  })

  test("#14 a long reader blocks an ALTER: the application's reads stay under twice the lock_timeout, the migration gets through", async () => {
    await using at = await site(major, ALTER)
    await at.ask("create table q (id int)")
    await using long = await client(at, "the report")
    await using app = await client(at, "the app")
    await long.query("begin; select from q")
    const run = at.start("db migrate up")
    const waits: number[] = []
    let reading = true
    const reader = (async () => {
      for (; reading; await Bun.sleep(20)) {
        const started = performance.now()
        await app.query("select from q")
        waits.push(performance.now() - started)
      }
    })()
    const waiting = () => at.ask("select from pg_stat_activity where wait_event_type = 'Lock' and query like '%ADD COLUMN%' and datname = current_database()")
    for (let seen = 0; seen < 3; seen++) {
      await eventually(async () => (await waiting()).length > 0)
      await eventually(async () => (await waiting()).length === 0)
    }
    await long.query("commit")
    const { exit, stderr } = await run.end
    reading = false
    await reader
    expect([exit, stderr]).toEqual([0, expect.stringContaining("lock timeout; trying again")])
    expect(Math.max(...waits)).toBeGreaterThan(200) // it was held up, or the test shows nothing
    expect(Math.max(...waits)).toBeLessThan(1000)
  }, 60_000)

  test("#15 a lock that is never freed: given up after --lock-retry-for, the holder named, nothing changed", async () => {
    await using at = await site(major, ALTER)
    await at.ask("create table q (id int)")
    await using holder = await client(at, "the app")
    await holder.query("begin; select from q")
    const { exit, stderr } = await at.run("db migrate up --lock-retry-for 1s")
    expect([exit, stderr]).toEqual([7, expect.stringContaining("(the app from 127.0.0.1)")])
    expect(stderr).toContain("nothing of it was applied")
    expect(await ledger(at)).toEqual([])
  })

  test("#16 a deadlock with the application: the whole transaction again", async () => {
    await using at = await site(major, { "0001_d.sql": "LOCK TABLE a;\nSELECT pg_sleep(0.5);\nLOCK TABLE b;\nCREATE TABLE done (n int);\n" })
    await at.ask("create table a (n int); create table b (n int)")
    await using app = await client(at, "the app")
    await app.query("begin; lock table b")
    const run = at.start("db migrate up")
    await at.busy("pg_sleep(0.5)")
    await app.query("set deadlock_timeout = '10s'; set lock_timeout = '10s'")
    await app.query("lock table a").catch(() => {})
    await app.query("rollback")
    expect((await run.end).exit).toBe(0)
    expect(await ledger(at)).toEqual(["1 applied"])
  }, 60_000)

  test("#17 a role's statement_timeout, lock_timeout and isolation do not bend a migration; --statement-timeout does", async () => {
    await using at = await site(major, { "0001_s.sql": "SELECT pg_sleep(0.6);\nCREATE TABLE one (n int);\n" })
    const role = `limited${major}_${Date.now()}`
    await at.ask(`create role ${role} superuser login password 'x'; alter role ${role} set statement_timeout = '300ms'; alter role ${role} set search_path = 'nowhere'; alter role ${role} set default_transaction_isolation = 'serializable'`)
    const env = { DATABASE_URL: at.url.replace("postgres@", `${role}:x@`) }
    const stopped = await at.run("db migrate up --statement-timeout 200ms", env)
    expect([stopped.exit, stopped.stderr]).toEqual([1, expect.stringContaining("--statement-timeout")])
    expect((await at.run("db migrate up", env)).exit).toBe(0)
    expect(await at.ask("select schemaname::text as s from pg_tables where tablename in ('one', 'np_migrations')")).toEqual([{ s: "public" }, { s: "public" }])
    await at.ask(`alter role ${role} set default_transaction_read_only = on`) // somebody froze it: that is not to be bent
    expect(await at.run("db migrate down", env)).toMatchObject({ exit: 1, stderr: expect.stringContaining("is read-only") })
  })

  testThatNeeds(PGBOUNCER !== null, "pgbouncer", `#10 PgBouncer, transaction mode, PostgreSQL ${major}: exactly once with eight runners, and CONCURRENTLY refused with the reason`, async () => {
    await using pooler = await startPgBouncer((await startServer(major)).port, "transaction")
    await using at = await site(major, COUNTER)
    const env = { DATABASE_URL: at.url.replace(/:\d+\//, `:${pooler.port}/`) }
    const ends = await Promise.all(Array.from({ length: 8 }, () => at.start("db migrate up", env).end))
    expect(ends.map(end => end.exit)).toEqual(Array(8).fill(0))
    expect(await at.ask("select count(*)::int as n from counter")).toEqual([{ n: 1 }])
    expect(await at.ask("select from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())")).toEqual([])
    await using index = await site(major, { "0001_i.sql": "CREATE INDEX CONCURRENTLY idx ON q (id);\n" })
    await index.ask("create table q (id int)")
    const refused = await index.run("db migrate up", { DATABASE_URL: index.url.replace(/:\d+\//, `:${pooler.port}/`) })
    expect([refused.exit, refused.stderr]).toEqual([3, expect.stringContaining("goes through a pooler that gives every transaction another server session")])
    expect(await index.ask("select to_regclass('idx') as idx")).toEqual([{ idx: null }])
  }, 60_000)

  testThatNeeds(PGBOUNCER !== null, "pgbouncer", `#10 PgBouncer, session mode, PostgreSQL ${major}: as without it, CONCURRENTLY too`, async () => {
    await using pooler = await startPgBouncer((await startServer(major)).port, "session", 40)
    await using at = await site(major, { ...COUNTER, "0002_i.sql": "CREATE INDEX CONCURRENTLY idx ON counter (n);\n" })
    const env = { DATABASE_URL: at.url.replace(/:\d+\//, `:${pooler.port}/`) }
    const ends = await Promise.all(Array.from({ length: 4 }, () => at.start("db migrate up", env).end))
    expect(ends.map(end => [end.exit, end.stderr])).toEqual(Array(4).fill([0, expect.any(String)]))
    expect(await at.ask("select count(*)::int as n from counter")).toEqual([{ n: 1 }])
    expect(await at.ask("select indisvalid as valid from pg_index where indexrelid = 'idx'::regclass")).toEqual([{ valid: true }])
  }, 60_000)
})
