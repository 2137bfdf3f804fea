import { afterEach, expect, test } from "bun:test"
import { openServer } from "../../src/pg/server.ts"
import { settingsFrom } from "../../src/pg/settings-from.ts"
import { seat, VISITS } from "../../src/pg/tenants/seat.ts"
import { ask } from "../support/migrating.ts"
import { project, runNself } from "../support/nself.ts"
import { testThatNeeds } from "../support/needs.ts"
import { PGBOUNCER, startPgBouncer } from "../support/pgbouncer.ts"
import { startCluster, startServer } from "../support/server.ts"
import { FILES, site, tenantNames } from "./support.ts"

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => void (await Promise.all(cleanups.splice(0).map(clean => clean()))))
const made = async (...args: Parameters<typeof site>) => {
  const one = await site(...args)
  cleanups.push(one.remove)
  return one
}

interface Counted { readonly data: { readonly counts: Readonly<Record<string, number>> } }
const countsOf = (stdout: string): Counted["data"]["counts"] => (JSON.parse(stdout) as Counted).data.counts

test("a server with no free connection left (53300) gets fewer at once, and the run comes to its end", async () => {
  await using cluster = await startCluster(18, { max_connections: "20", reserved_connections: "12" }) // what nself counts as free is not free for everybody
  await ask(cluster.url, "create role app login password 'app'")
  await ask(cluster.url, "create database tenants owner app")
  const admin = cluster.url.replace(/postgres$/, "tenants")
  const url = admin.replace("postgres@", "app:app@")
  await ask(url, tenantNames(30).map(name => `create schema ${name}`).join(";"))
  const { dir, remove } = await project({ ...FILES, "migrations/0003_slow.sql": "select pg_sleep(0.02);\n" })
  cleanups.push(remove)
  const ran = await runNself(dir, "db migrate up --all-tenants --concurrency 16 --json", { env: { DATABASE_URL: url } })
  expect([ran.exit, countsOf(ran.stdout)]).toEqual([0, { applied: 30, already: 0, failed: 0, skipped: 0, planned: 0 }])
  expect(await Bun.$`grep -c "remaining connection slots" ${cluster.data}/../log`.nothrow().text()).not.toBe("0\n")
}, 60_000)

test("one connection is enough: a role that may have no more migrates its tenants, and what failed is written down", async () => {
  const admin = await (await startServer(18)).database()
  const database = new URL(admin).pathname.slice(1)
  await ask(admin, `create role single_${database} login password 'x' connection limit 1; grant create on database ${database} to single_${database}; grant create on schema public to single_${database}`)
  const url = admin.replace("postgres@", `single_${database}:x@`)
  await ask(url, "create schema tenant_a; create schema tenant_b; create table tenant_b.users (id int)")
  const { dir, remove } = await project(FILES)
  cleanups.push(remove)
  const ran = await runNself(dir, "db migrate up --all-tenants --json", { env: { DATABASE_URL: url } })
  expect([ran.exit, countsOf(ran.stdout)]).toEqual([8, { applied: 1, already: 0, failed: 1, skipped: 0, planned: 0 }])
  expect(await ask(admin, "select name from np_migrations_audit where result = 'failed'")).toEqual([{ name: "tenant b" }])
})

test("a connection is renewed after 2,000 tenants", async () => {
  const database = await openServer(settingsFrom({ url: await (await startServer(18)).database(), env: {} })!, { version: "test", runId: crypto.randomUUID() })
  cleanups.push(() => database.close())
  const source = { label: "here", session: () => database.session(), keep: () => {} }
  const chair = seat()
  const pid = async (): Promise<number> => (await (await chair.at(source)).query<{ pid: number }>("select pg_backend_pid() as pid"))[0]!.pid
  const first = await pid()
  for (let visit = 2; visit < VISITS; visit++) await chair.at(source)
  expect([VISITS, await pid()]).toEqual([2000, first])
  expect(await pid()).not.toBe(first)
})

test("--fast-commit: what was reported is on the disk, though the server crashes right afterwards", async () => {
  await using cluster = await startCluster(18, { synchronous_commit: "on", wal_writer_delay: "10000" })
  const names = tenantNames(40)
  await ask(cluster.url, names.map(name => `create schema ${name}`).join(";"))
  const { dir, remove } = await project(FILES)
  cleanups.push(remove)
  expect((await runNself(dir, "db migrate up --all-tenants --fast-commit", { env: { DATABASE_URL: cluster.url } })).exit).toBe(0)
  await cluster.stop("immediate")
  await cluster.start()
  const rows = await ask<{ n: number }>(cluster.url, names.map(name => `select count(*)::int as n from ${name}.np_migrations`).join(" union all "))
  expect(rows).toEqual(names.map(() => ({ n: 2 })))
}, 60_000)

testThatNeeds(PGBOUNCER !== null, "pgbouncer", "through PgBouncer in transaction mode: two runners at once, status, down", async () => {
  await using pooler = await startPgBouncer((await startServer(18)).port, "transaction")
  const at = await made(tenantNames(120))
  const env = { DATABASE_URL: at.url.replace(/:\d+\//, `:${pooler.port}/`) }
  const ends = await Promise.all([at.run("db migrate up --all-tenants --json", env), at.run("db migrate up --all-tenants --json", env)])
  expect(ends.map(end => end.exit)).toEqual([0, 0])
  expect(ends.reduce((sum, end) => sum + countsOf(end.stdout)["applied"]!, 0)).toBe(120)
  const status = await at.run("db migrate status --all-tenants --exit-code", env)
  expect([status.exit, status.stdout]).toEqual([0, expect.stringContaining("120 tenants  up to date")])
  expect((await at.run("db migrate down --all-tenants --to 0", env)).exit).toBe(0)
  expect(await at.sql("select relname from pg_class where relname in ('users', 'docs')")).toEqual([])
  expect(await at.sql("select from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())")).toEqual([])
}, 60_000)

testThatNeeds(Bun.which("script") !== null, "script", "on a terminal one live line says how far it is, and the slowest tenants are named at the end", async () => {
  const at = await made(tenantNames(30), { "migrations/0001_slow.sql": "create table t (id int);\nselect pg_sleep(0.05);\n" })
  const command = `${process.execPath} ${import.meta.dir}/../../src/main.ts db migrate up --all-tenants --concurrency 1`
  const child = Bun.spawn(["script", "-qec", command, "/dev/null"], { cwd: at.dir, stdin: "ignore", stdout: "pipe", stderr: "pipe", env: { PATH: process.env["PATH"] ?? "", HOME: "/", TERM: "xterm", ...at.env } })
  const [said, exit] = await Promise.all([new Response(child.stdout).text(), child.exited])
  expect([exit, said]).toEqual([0, expect.stringMatching(/\d+ of 30 tenants, 0 failed, \d+\/s, \d+ s left/)])
  expect(said).toMatch(/Slowest: \d{4} \(\d+ms\), /)
}, 60_000)

test("--verbose prints what is sent to each tenant, with its time", async () => {
  const at = await made(tenantNames(2))
  const { stderr, exit } = await at.run("db migrate up --all-tenants --verbose")
  expect(exit).toBe(0)
  for (const name of tenantNames(2)) expect(stderr).toContain(`set local search_path = "${name}"`)
  expect(stderr).toMatch(/CREATE TABLE "users"[\s\S]*\d ?ms/)
})

test("doctor says that Citus is there, and promises nothing", async () => {
  const at = await made(tenantNames(2))
  await at.run("db migrate up --all-tenants")
  expect((await at.run("doctor --only tenants")).stdout).not.toContain("Citus")
  await at.sql("set allow_system_table_mods = on; create table pg_catalog.pg_dist_schema (schemaid oid, colocationid int)") // Citus' own table; the extension cannot be had here
  expect((await at.run("doctor --only tenants")).stdout).toContain("Citus")
}, 60_000)

test("a role whose statement_timeout is too short for the look at all ledgers is told so", async () => {
  const at = await site(tenantNames(300))
  const role = `hasty_${crypto.randomUUID().slice(0, 8)}`
  try {
    await at.sql(`create role ${role} superuser login password 'hasty'; alter role ${role} set statement_timeout = '1ms'`)
    for (const command of ["status", "up", "down"]) {
      const { exit, stderr } = await at.run(`db migrate ${command} --all-tenants`, { DATABASE_URL: at.url.replace("postgres@", `${role}:hasty@`) })
      expect([command, exit, stderr]).toEqual([command, 1, expect.stringMatching(/^error: .*statement timeout \(SQLSTATE 57014\)\n\nhint: .*statement_timeout/)])
    }
  } finally {
    await at.remove()
  }
}, 60_000)
