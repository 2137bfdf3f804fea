/** FAULTS.md, section 5: clients and servers that die, alone or together. */
import { describe, expect, test } from "bun:test"
import { splitStatements } from "../../../src/core/statements.ts"
import { openMigrator } from "../../../src/pg/migrator.ts"
import { FAULT_MAJORS } from "../../support/majors.ts"
import { ask, eventually, migration, opened, step } from "../../support/migrating.ts"
import { IS_ROOT, testThatNeeds } from "../../support/needs.ts"
import { startProxy, through } from "../../support/proxy.ts"
import { startCluster } from "../../support/server.ts"
import { ledger, site } from "../../support/site.ts"

const SLOW = { "0001_slow.sql": "CREATE TABLE one (n int);\nSELECT pg_sleep(30);\nCREATE TABLE two (n int);\n" }
const QUICK = "CREATE TABLE one (n int);\nCREATE TABLE two (n int);\n"
/** The message `commit` as it goes over the wire. */
const COMMIT = "\u0000\u0000\u0000\u000bcommit\u0000"

describe.each(FAULT_MAJORS)("PostgreSQL %i", major => {
  test("#1 client kill -9 in the middle of a migration: nothing half applied, the next up goes on", async () => {
    await using at = await site(major, { "0001_slow.sql": "CREATE TABLE one (n int);\nSELECT pg_sleep(2);\nCREATE TABLE two (n int);\n" })
    const { child } = at.start("db migrate up")
    await at.busy("pg_sleep(2)")
    child.kill("SIGKILL")
    await at.quiet()
    expect(await at.ask("select to_regclass('one') as one")).toEqual([{ one: null }])
    expect((await at.run("db migrate up")).exit).toBe(0)
    expect(await ledger(at)).toEqual(["1 applied"])
    expect(await at.ask("select to_regclass('two')::text as two")).toEqual([{ two: "two" }])
  })

  test("#2 the server commits after the client's death: the ledger tells the truth, up says that there is nothing to do", async () => {
    await using at = await site(major, { "0001_a.sql": QUICK })
    await using proxy = await startProxy(Number(new URL(at.url).port))
    const run = at.start("db migrate up --lock-retry-for 20s", { DATABASE_URL: through(at.url, proxy) })
    proxy.rules.onCut = () => run.child.kill("SIGKILL")
    proxy.rules.cutAfter = COMMIT
    await run.end
    expect((await run.end).exit).not.toBe(0)
    await at.quiet()
    expect(await ledger(at)).toEqual(["1 applied"])
    expect((await at.run("db migrate up")).stdout).toContain("Nothing to do. Database is at version 0001.")
  })

  test("#12 the session is lost while another runner waits: never twice", async () => {
    await using at = await site(major, { "0001_a.sql": "CREATE TABLE IF NOT EXISTS counter (n int);\nINSERT INTO counter VALUES (1);\nSELECT pg_sleep(1);\n" })
    const first = at.start("db migrate up")
    const pid = await at.busy("pg_sleep(1)")
    const second = at.start("db migrate up")
    await at.ask(`select pg_terminate_backend(${pid})`)
    const [one, two] = await Promise.all([first.end, second.end])
    expect([one.exit, two.exit]).toEqual([0, 0])
    expect(await at.ask("select count(*)::int as n from counter")).toEqual([{ n: 1 }])
    expect(await ledger(at)).toEqual(["1 applied"])
  })

  test("#13 many processes, random kill -9: exactly once (bun run chaos does 100 rounds)", async () => {
    const files = Object.fromEntries([1, 2, 3].map(n => [`000${n}_c.sql`, `CREATE TABLE IF NOT EXISTS counter${n} (n int);\nINSERT INTO counter${n} VALUES (1);\nSELECT pg_sleep(0.05);\n`]))
    await using at = await site(major, files)
    const runs = Array.from({ length: 4 }, () => at.start("db migrate up"))
    for (const [i, { child }] of runs.entries()) if (i < 3) void Bun.sleep(300 + Math.random() * 500).then(() => child.kill("SIGKILL"))
    await Promise.all(runs.map(run => run.end))
    await at.quiet()
    expect((await at.run("db migrate up")).exit).toBe(0)
    expect(await ledger(at)).toEqual(["1 applied", "2 applied", "3 applied"])
    for (const n of [1, 2, 3]) expect(await at.ask(`select count(*)::int as n from counter${n}`)).toEqual([{ n: 1 }])
    expect(await at.ask("select from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())")).toEqual([])
  })

  test("#13 the chaos finds a runner without its guard, and nothing on this one", async () => {
    const chaos = (...words: string[]) => Bun.spawn([process.execPath, `${import.meta.dir}/../../../scripts/chaos/run.ts`, "--major", String(major), ...words], { stdout: "ignore", stderr: "inherit" }).exited
    expect(await chaos("--rounds", "2")).toBe(0)
    expect(await chaos("--rounds", "12", "--without-guard")).toBe(1)
  }, 120_000)

  test("#18 idle_in_transaction time-out of the role: nself's own limit wins; a connection dropped for idleness is replaced", async () => {
    await using at = await site(major, { "0001_a.sql": "SELECT pg_sleep(0.9);\nCREATE TABLE one (n int);\n" })
    const role = `idle${major}_${Date.now()}`
    await at.ask(`create role ${role} superuser login password 'x'; alter role ${role} set idle_in_transaction_session_timeout = '1ms'`)
    await using proxy = await startProxy(Number(new URL(at.url).port))
    const url = through(at.url, proxy).replace("postgres@", `${role}:x@`)
    proxy.rules.idleMs = 700 // the migration is silent for longer than that
    const run = at.start("db migrate up", { DATABASE_URL: url })
    await at.busy("pg_sleep(0.9)")
    await eventually(async () => proxy.count() > 4)
    proxy.rules.idleMs = 0
    const { exit, stderr } = await run.end
    expect([exit, stderr]).toEqual([0, expect.stringContaining("connection lost")])
    expect(await ledger(at)).toEqual(["1 applied"])
  })

  test("#19 server restart, fast and immediate, in the middle of a run: tried again until it is back, exactly once", async () => {
    for (const mode of ["fast", "immediate"] as const) {
      // the servers of the tests forget their last commits in a crash, as no server with something to lose does
      await using cluster = await startCluster(major, { synchronous_commit: "on" })
      await using at = await site(major, { "0001_a.sql": "CREATE TABLE counter (n int);\nINSERT INTO counter VALUES (1);\nSELECT pg_sleep(0.5);\n", "0002_b.sql": "CREATE TABLE two (n int);\n" }, cluster.url)
      const run = at.start("db migrate up")
      await at.busy("pg_sleep(0.5)")
      await cluster.stop(mode)
      await cluster.start()
      expect((await run.end).exit).toBe(0)
      expect(await ledger(at)).toEqual(["1 applied", "2 applied"])
      expect(await at.ask("select count(*)::int as n from counter")).toEqual([{ n: 1 }])
    }
  })

  test("#20 failover: a standby is not written to; the next host is, and a standby alone is refused by name", async () => {
    await using primary = await startCluster(major)
    await primary.stop("fast")
    await using standby = await startCluster(major, {}, primary)
    await primary.start()
    await using at = await site(major, { "0001_a.sql": QUICK }, primary.url)
    const alone = await at.run("db migrate up", { DATABASE_URL: standby.url })
    expect([alone.exit, alone.stderr]).toEqual([1, expect.stringContaining(`127.0.0.1:${standby.port} is a standby`)])
    const both = `postgres://postgres@127.0.0.1:${standby.port},127.0.0.1:${primary.port}/postgres`
    expect((await at.run("db migrate up", { DATABASE_URL: both })).exit).toBe(0)
    expect(await ledger(at)).toEqual(["1 applied"])
    await eventually(async () => (await at.run("db migrate status", { DATABASE_URL: standby.url })).stdout.includes("[x] 0001_a"))
  })

  test("#20 failover in the middle of a run: the new primary is found among the hosts, and each migration is there once", async () => {
    await using primary = await startCluster(major)
    await primary.stop("fast")
    await using standby = await startCluster(major, {}, primary)
    await primary.start()
    const both = `postgres://postgres@127.0.0.1:${primary.port},127.0.0.1:${standby.port}/postgres`
    await using at = await site(major, { "0001_a.sql": "CREATE TABLE counter (n int);\nINSERT INTO counter VALUES (1);\n", "0002_b.sql": "INSERT INTO counter VALUES (2);\nSELECT pg_sleep(1);\n" }, primary.url)
    const run = at.start("db migrate up", { DATABASE_URL: both })
    await at.busy("pg_sleep(1)")
    await eventually(async () => (await ask(standby.url, "select from pg_class where relname = 'counter'")).length > 0) // what was committed has arrived
    await primary.stop("immediate")
    await ask(standby.url, "select pg_promote()")
    expect((await run.end).exit).toBe(0)
    expect(await ask<object>(standby.url, "select array_agg(n order by n)::text as n, (select count(*)::int from np_migrations where state = 'applied') as rows from counter")).toEqual([{ n: "{1,2}", rows: 2 }])
  }, 60_000)

  test("#21 the answer to COMMIT is lost: the ledger is read, and success reported", async () => {
    await using at = await site(major, { "0001_a.sql": QUICK })
    await using proxy = await startProxy(Number(new URL(at.url).port), { cutAfter: COMMIT })
    const { exit, stdout } = await at.run("db migrate up", { DATABASE_URL: through(at.url, proxy) })
    expect([exit, stdout]).toEqual([0, expect.stringContaining("Applied 1 migration")])
    expect(proxy.rules.cutAfter).toBeUndefined()
    expect(await ledger(at)).toEqual(["1 applied"])
    expect(await at.ask("select count(*)::int as n from np_migrations_audit")).toEqual([{ n: 1 }])
  })

  test("#21 COMMIT never arrives: tried again, exactly once", async () => {
    await using at = await site(major, { "0001_a.sql": QUICK })
    await using proxy = await startProxy(Number(new URL(at.url).port), { cutBefore: COMMIT })
    expect((await at.run("db migrate up", { DATABASE_URL: through(at.url, proxy) })).exit).toBe(0)
    expect(proxy.rules.cutBefore).toBeUndefined()
    expect(await ledger(at)).toEqual(["1 applied"])
  })

  test("#22 the server hangs (SIGSTOP): noticed, and said with what is not known; a merely slow statement is left alone", async () => {
    await using cluster = await startCluster(major)
    const database = await opened(`${cluster.url}?connect_timeout=1`)
    const impatient = { watchMs: 200, retryForMs: 500, lockWaitMs: 500 }
    expect(await openMigrator(database, splitStatements, impatient).apply(step(migration(1, "select pg_sleep(1.5);")))).toMatchObject({ kind: "applied" })
    const running = openMigrator(database, splitStatements, impatient).apply(step(migration(2, "select pg_sleep(0.7);"))).then(() => null, (error: unknown) => error as Error)
    await Bun.sleep(300)
    const pids = [await cluster.pid(), ...(await childrenOf(await cluster.pid()))]
    for (const pid of pids) process.kill(pid, "SIGSTOP")
    const fault = await running
    for (const pid of pids) process.kill(pid, "SIGCONT")
    expect(fault?.message).toContain("the server could not be asked")
    await database.close()
  }, 60_000)

  test("#23 a black hole: given up after connect_timeout per host", async () => {
    await using at = await site(major, { "0001_a.sql": QUICK })
    await using proxy = await startProxy(Number(new URL(at.url).port), { blackhole: true })
    const started = performance.now()
    const { exit, stderr } = await at.run("db migrate up", { DATABASE_URL: `${through(at.url, proxy)}?connect_timeout=1` })
    expect([exit, stderr]).toEqual([1, expect.stringContaining(`no answer from 127.0.0.1:${proxy.port} within 1 s`)])
    expect(performance.now() - started).toBeLessThan(6000)
  })

  test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("#28 %s: cancelled on the server, rolled back, ended within a second", async signal => {
    await using at = await site(major, SLOW)
    const run = at.start("db migrate up")
    await at.busy("pg_sleep(30)")
    const started = performance.now()
    run.child.kill(signal)
    const { exit, stderr } = await run.end
    expect(performance.now() - started).toBeLessThan(1500) // the second, on a machine that does other things
    expect([exit, stderr]).toEqual([signal === "SIGINT" ? 130 : 143, expect.stringContaining("interrupted")])
    await at.quiet()
    expect(await at.ask("select to_regclass('one') as one")).toEqual([{ one: null }])
  })

  test("#28 a second signal ends at once, and a server that does not answer keeps nobody", async () => {
    await using at = await site(major, SLOW)
    await using proxy = await startProxy(Number(new URL(at.url).port))
    const run = at.start("db migrate up", { DATABASE_URL: through(at.url, proxy) })
    await at.busy("pg_sleep(30)")
    proxy.rules.blackhole = true
    const started = performance.now()
    run.child.kill("SIGTERM")
    await Bun.sleep(50)
    run.child.kill("SIGTERM")
    expect((await run.end).exit).toBe(143)
    expect(performance.now() - started).toBeLessThan(700)
    const before = proxy.count()
    const once = at.start("db migrate status", { DATABASE_URL: through(at.url, proxy) })
    await eventually(async () => proxy.count() > before)
    once.child.kill("SIGINT")
    const again = performance.now()
    expect((await once.end).exit).toBe(130)
    expect(performance.now() - again).toBeLessThan(1500)
  })

  testThatNeeds(IS_ROOT && Bun.which("unshare") !== null, "root and unshare, to be process 1", `#29 as process 1 of a container, PostgreSQL ${major}: SIGTERM cancels, rolls back, exit 143`, async () => {
    await using at = await site(major, SLOW)
    const run = at.start("db migrate up", {}, ["unshare", "--pid", "--fork", "--mount-proc"])
    await at.busy("pg_sleep(30)")
    const [inner] = await childrenOf(run.child.pid)
    const started = performance.now()
    process.kill(inner!, "SIGTERM")
    expect((await run.end).exit).toBe(143)
    expect(performance.now() - started).toBeLessThan(1500)
    await at.quiet()
    expect(await at.ask("select to_regclass('one') as one")).toEqual([{ one: null }])
  })

  test.each(['"$@" | true; exit 0', '"$@" | head -c 1 >/dev/null; exit 0', '"$@" >&-', '"$@" >&- 2>&-'])("#30 a closed stdout neither stops nor corrupts a run: %s", async shell => {
    await using at = await site(major, { "0001_a.sql": "SELECT pg_sleep(0.2);\nCREATE TABLE one (n int);\n", "0002_b.sql": "CREATE TABLE two (n int);\n" })
    expect((await at.start("db migrate up", {}, ["sh", "-c", shell, "sh"]).end).exit).toBe(0)
    await at.quiet()
    expect(await ledger(at)).toEqual(["1 applied", "2 applied"])
  })
})

async function childrenOf(pid: number): Promise<readonly number[]> {
  const said = await new Response(Bun.spawn(["ps", "-o", "pid=", "--ppid", String(pid)], { stdout: "pipe" }).stdout).text()
  return said.split("\n").map(Number).filter(one => one > 0)
}
