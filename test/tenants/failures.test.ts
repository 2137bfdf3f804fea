import { Client } from "pg"
import { afterEach, expect, test } from "bun:test"
import { ask, eventually } from "../support/migrating.ts"
import { project } from "../support/nself.ts"
import { startServer } from "../support/server.ts"
import { exactlyOnce, FILES, site, tenantNames, type Site } from "./support.ts"

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => void (await Promise.all(cleanups.splice(0).map(clean => clean()))))
const made = async (...args: Parameters<typeof site>): Promise<Site> => {
  const one = await site(...args)
  cleanups.push(one.remove)
  return one
}

interface Ran { readonly counts: Readonly<Record<string, number>>; readonly stopped: string | null; readonly tenants: readonly { readonly slug: string; readonly state: string; readonly to: string; readonly fault: { readonly message: string; readonly class: string; readonly hint?: string } | null }[]; readonly waves: readonly { readonly tenants: number; readonly check: string | null }[] }

const MORE = { ...FILES, "migrations/0003_more.sql": `ALTER TABLE "docs" ADD COLUMN "title" text;\nINSERT INTO "users" VALUES (2, 'second');\n` }

test("three bad tenants among a thousand: 997 done, three named, exit 8; mended, three done, exit 0", async () => {
  const names = tenantNames(1000)
  const at = await made(names, FILES)
  expect((await at.run("db migrate up --all-tenants")).exit).toBe(0)
  for (const [path, text] of Object.entries(MORE)) await Bun.write(`${at.dir}/${path}`, text)
  await Bun.$`rm -r ${at.dir}/migrations/meta`.quiet()
  await journal(at.dir, MORE)
  const [lacking, locked, cut] = [names[6]!, names[320]!, names[740]!]
  await at.sql(`alter table ${lacking}.docs rename to docs_away`)
  await at.sql(`create function ${cut}.cut() returns trigger language plpgsql as 'begin perform pg_terminate_backend(pg_backend_pid()); return null; end'; create trigger cut before insert on ${cut}.users for each row execute function ${cut}.cut()`)
  const holder = new Client({ connectionString: at.url, application_name: "the app" })
  await holder.connect()
  cleanups.push(() => holder.end())
  await holder.query(`begin; select * from ${locked}.docs`)
  const first = await at.json<Ran>("db migrate up --all-tenants --lock-retry-for 2s")
  expect(first.exit).toBe(8)
  expect(first.data.counts).toMatchObject({ applied: 997, failed: 3, skipped: 0 })
  const faults = new Map(first.data.tenants.filter(row => row.state === "failed").map(row => [`tenant_${row.slug}`, row.fault!.message]))
  expect([...faults.keys()].toSorted()).toEqual([lacking, locked, cut])
  expect(faults.get(lacking)).toContain(`relation "docs" does not exist`)
  expect(faults.get(lacking)).toContain("Nothing of this tenant was changed.")
  expect(faults.get(locked)).toContain("the app")
  expect(faults.get(cut)).toContain("connection was lost 3 times")
  expect(first.data.tenants.find(row => `tenant_${row.slug}` === locked)!.fault!.class).toBe("locked")
  await holder.query("rollback")
  await at.sql(`alter table ${lacking}.docs_away rename to docs; drop trigger cut on ${cut}.users`)
  const second = await at.json<Ran>("db migrate up --all-tenants")
  expect(second.exit).toBe(0)
  expect(second.data.counts).toMatchObject({ applied: 3, already: 997, failed: 0 })
  const inAll = async (from: number): Promise<readonly { n: number }[]> => at.sql(names.slice(from, from + 50).map(name => `select count(*)::int as n from ${name}.users`).join(" union all "))
  for (let from = 0; from < names.length; from += 50) expect(await inAll(from)).toEqual(Array(50).fill({ n: 2 }))
}, 180_000)

async function journal(dir: string, files: Readonly<Record<string, string>>): Promise<void> {
  const other = await project(files)
  await Bun.$`mkdir -p ${dir}/migrations/meta && cp ${other.dir}/migrations/meta/_journal.json ${dir}/migrations/meta/`.quiet()
  await other.remove()
}

test("one tenant asked for by name fails with its own exit code", async () => {
  const at = await made(["tenant_a"], { "migrations/0001_bad.sql": "alter table nowhere add x int;\n" })
  const said = await at.run("db migrate up --tenant a")
  expect(said.exit).toBe(1)
  expect(said.stderr).toContain(`migrations/0001_bad.sql:1:1: relation "nowhere" does not exist`)
})

test("a tenant's missing schema never means public, nor another's table", async () => {
  const at = await made(["tenant_a"], { "migrations/0001_alter.sql": "alter table users add column x int;\n" })
  await at.sql("create table public.users (id int)")
  await Bun.write(`${at.dir}/drizzle.config.ts`, `export default { dialect: "postgresql", nself: { tenants: { query: "select * from (values ('a', 'tenant_a'), ('gone', 'tenant_gone')) t(slug, schema)" } } }`)
  const said = await at.json<Ran>("db migrate up --all-tenants")
  expect(said.exit).toBe(8)
  expect(said.data.tenants.map(row => row.fault!.message.split("\n")[0])).toEqual([`migrations/0001_alter.sql:1:1: relation "users" does not exist`, `schema "tenant_gone" does not exist, or this role may not use it`])
  expect(await at.sql("select attname from pg_attribute where attrelid = 'public.users'::regclass and attnum > 0")).toEqual([{ attname: "id" }])
  expect(await at.sql("select from pg_class where relname = 'np_migrations'")).toEqual([])
})

const HOSTILE = [`a"b`, "a.b", "a b", "--", "x'; drop schema public cascade; --", "$1", "$nself$", "täglich_ünï", "日本語テナント", "n".repeat(63), "a\\b", "UPPER", "select", "%I %s", "a;b\nc"]

test.each([16] as const)("hostile names work on PostgreSQL %i: up, status, diff, down", async major => {
  const at = await made(HOSTILE, FILES, major)
  await Bun.write(`${at.dir}/drizzle.config.json`, JSON.stringify({ dialect: "postgresql", nself: { tenants: { query: "select nspname as slug, nspname as schema from pg_namespace where nspname !~ '^pg_' and nspname not in ('public', 'information_schema')" } } }))
  const up = await at.json<Ran>("db migrate up --all-tenants")
  expect(up.exit).toBe(0)
  expect(up.data.counts).toMatchObject({ applied: HOSTILE.length, failed: 0 })
  expect(await exactlyOnce(at, HOSTILE)).toBe(HOSTILE.length)
  expect((await at.json<{ groups: { version: string; slugs: string[] }[] }>("db migrate status --all-tenants")).data.groups.map(group => [group.version, group.slugs.toSorted()])).toEqual([["0002", HOSTILE.toSorted()]])
  const diff = await at.json<{ shapes: { tenants: number }[] }>("db migrate diff --all-tenants --fail-on-drift")
  expect([diff.exit, diff.data.shapes.map(shape => shape.tenants)]).toEqual([0, [HOSTILE.length]])
  for (const slug of [`a"b`, "--", "$1", "a;b\nc"]) expect((await at.run(["db", "migrate", "down", `--tenant=${slug}`])).exit).toBe(0)
  expect(await at.sql("select from pg_class where relname = 'docs'")).toHaveLength(HOSTILE.length - 4)
}, 120_000)

test("a slug over 63 bytes is refused, and one that is hostile is created", async () => {
  const at = await made([])
  expect((await at.run(["db", "tenant", "create", "x".repeat(70)])).exit).toBe(2)
  const slug = `o'brien "&" söhne; --`
  expect((await at.run(["db", "tenant", "create", slug])).exit).toBe(0)
  expect((await at.run(["db", "migrate", "down", "--tenant", slug])).exit).toBe(0)
  expect((await at.run(["db", "tenant", "drop", slug, "--yes"])).exit).toBe(0)
})

test("tenants over three servers, one of them down: the others done, its tenants named", async () => {
  const [one, two] = await Promise.all([startServer(15), startServer(18)])
  const urls = [await one.database(), await two.database(), await two.database()]
  const at = await made([])
  const list = [...urls.map((url, i) => ({ slug: `own-${i}`, url })), ...[1, 2, 3].map(i => ({ slug: `down-${i}`, url: `postgres://app:topsecret@127.0.0.1:1/db${i}` })),
    { slug: "shared-a", url: urls[0], schema: "tenant_a" }, { slug: "shared-b", url: urls[0], schema: "tenant_b" }]
  await ask(urls[0]!, "create schema tenant_a; create schema tenant_b")
  await Bun.write(`${at.dir}/tenants.json`, JSON.stringify(list))
  await Bun.write(`${at.dir}/drizzle.config.json`, JSON.stringify({ dialect: "postgresql", nself: { tenants: { command: [process.execPath, "-e", `console.log(await Bun.file("tenants.json").text())`] } } }))
  const ran = await at.json<Ran>("db migrate up --all-tenants --lock-retry-for 1s")
  expect(ran.exit).toBe(8)
  expect(ran.data.counts).toMatchObject({ applied: 5, failed: 3 })
  expect(ran.data.tenants.filter(row => row.state === "failed").map(row => row.slug)).toEqual(["down-1", "down-2", "down-3"])
  expect(ran.data.tenants.find(row => row.state === "failed")!.fault!.message).toContain("no PostgreSQL answers at 127.0.0.1:1")
  expect(ran.data.tenants.find(row => row.state === "failed")!.fault!.hint).toContain("check the address in the tenant's URL")
  expect(JSON.stringify(ran) + ran.stderr).not.toContain("topsecret")
  for (const url of urls) expect(await ask<object>(url, "select count(*)::int as n from public.users")).toEqual([{ n: 1 }])
  const status = await at.run("db migrate status --all-tenants")
  expect(status.exit).toBe(8)
  expect(status.stdout).toContain("down-1, down-2, down-3: no PostgreSQL answers at 127.0.0.1:1")
}, 60_000)

test("waves: a canary first, a check between, failures stop the rest, which is named", async () => {
  const names = tenantNames(20)
  const at = await made(names, FILES)
  const canary = await at.json<Ran>("db migrate up --all-tenants --to 0001 --canary 0001,0002 --waves 5,100% --check diff")
  expect([canary.exit, canary.data.waves.map(wave => [wave.tenants, wave.check])]).toEqual([0, [[2, "passed"], [3, "passed"], [15, "passed"]]])
  await at.sql("drop table tenant_0001.users")
  const stopped = await at.json<Ran>("db migrate up --all-tenants --canary 0001,0002 --waves 100%")
  expect([stopped.exit, stopped.data.counts["applied"], stopped.data.counts["failed"], stopped.data.counts["skipped"], stopped.data.stopped]).toEqual([8, 1, 1, 18, "1 of wave 1 failed"])
  await Bun.write(`${at.dir}/check.sql`, "select count(*) = 1 from users")
  const bySql = await at.json<Ran>("db migrate up --all-tenants --canary 0003 --check check.sql")
  expect([bySql.exit, bySql.data.counts["applied"], bySql.data.waves[0]]).toEqual([8, 18, { tenants: 1, failed: 0, check: "passed", said: "" } as never])
  await at.run("db migrate down --all-tenants --to 0001 --continue")
  const byCommand = await at.json<Ran>("db migrate up --all-tenants --canary 0004 --check false")
  expect([byCommand.exit, byCommand.data.counts["applied"], byCommand.data.counts["skipped"]]).toEqual([8, 1, 19])
  const most = await at.json<Ran>("db migrate up --all-tenants --max-failures 1 --concurrency 1 --continue")
  expect([most.exit, most.data.counts["failed"]]).toEqual([8, 1])
}, 60_000)

test("a tenant whose ledger is gone is not migrated from the beginning again", async () => {
  const at = await made(tenantNames(3))
  await at.run("db migrate up --all-tenants --to 0001")
  await at.sql("drop table tenant_0002.np_migrations")
  const refused = await at.run("db migrate up --all-tenants")
  expect([refused.exit, refused.stderr]).toEqual([4, expect.stringContaining("tenant 0002: its ledger np_migrations is gone or empty")])
  const left = await at.json<Ran>("db migrate up --all-tenants --continue")
  expect([left.exit, left.data.counts["applied"], left.data.counts["failed"]]).toEqual([8, 2, 1])
})

test("files that cannot run in one transaction, and a new enum value used in the next file", async () => {
  const names = tenantNames(4)
  const at = await made(names, {
    "migrations/0001_a.sql": "create table t (id int, s text);\ncreate type e as enum ('x');\n", "migrations/0002_b.sql": "create index concurrently t_id on t (id);\n",
    "migrations/0003_c.sql": "alter type e add value 'y';\n", "migrations/0004_d.sql": "create table u (v e default 'y');\ninsert into u default values;\n", "migrations/0005_e.sql": "set search_path = pg_catalog;\n", "migrations/0006_f.sql": "create table f (id int);\n",
  })
  const ran = await at.json<Ran>("db migrate up --all-tenants")
  expect([ran.exit, ran.data.counts["applied"], ran.data.tenants[0]!.fault]).toEqual([0, 4, null])
  expect(await at.sql("select from pg_index i join pg_class c on c.oid = i.indexrelid where c.relname = 't_id' and indisvalid")).toHaveLength(4)
  expect(await at.sql("select relnamespace::regnamespace::text as home from pg_class where relname = 'f' order by 1")).toEqual(names.map(home => ({ home })))
  expect((await at.run("db migrate status --all-tenants --exit-code")).exit).toBe(0)
})

test("in staging a roll-back at all tenants wants the permission and the database's name; failures and successes are in the audit table", async () => {
  const at = await made(tenantNames(3))
  await at.run("db migrate up --all-tenants --env staging")
  const refused = await at.run("db migrate down --all-tenants --env staging")
  expect([refused.exit, refused.stderr]).toEqual([3, expect.stringContaining("rolling back 0002_docs in staging, at 3 tenants, loses data:\n  rows of users: 3 rows at 3 tenants: 0001 (1), 0002 (1), 0003 (1)\n  table docs: 0 rows\nnothing was changed")])
  expect((await at.run("db migrate down --all-tenants --env staging --allow-data-loss --database other")).exit).toBe(3)
  await at.sql("create view tenant_0002.uses as select * from tenant_0002.docs")
  expect((await at.run(`db migrate down --all-tenants --env staging --allow-data-loss --database ${at.url.split("/").at(-1)}`)).exit).toBe(8)
  expect(await at.sql("select schema_name as schema, version::int, result, left(detail, 60) as detail from np_migrations_audit where action = 'down' order by result, schema_name")).toEqual([
    { schema: "tenant_0001", version: 2, result: "done", detail: null }, { schema: "tenant_0003", version: 2, result: "done", detail: null },
    { schema: "tenant_0002", version: null, result: "failed", detail: expect.stringContaining("migrations/0002_docs.down.sql:2:1: cannot drop table") },
  ])
}, 60_000)

test("a statement that runs longer than --statement-timeout fails its tenant alone", async () => {
  const at = await made(tenantNames(3), { "migrations/0001_slow.sql": "create table t (id int);\nselect pg_sleep(case current_schema() when 'tenant_0002' then 20 else 0 end);\n" })
  const ran = await at.json<Ran>("db migrate up --all-tenants --statement-timeout 2s")
  expect([ran.exit, ran.data.tenants.map(row => row.state)]).toEqual([8, ["applied", "failed", "applied"]])
  expect(ran.data.tenants[1]!.fault!.message).toContain("statement timeout")
})

test("Ctrl-C: what runs is rolled back, the rest is named as not tried, and the next run goes on", async () => {
  const names = tenantNames(8)
  const at = await made(names, { "migrations/0001_slow.sql": "create table t (id int);\nselect pg_sleep(1.5);\n" })
  const child = Bun.spawn([process.execPath, `${import.meta.dir}/../../src/main.ts`, "db", "migrate", "up", "--all-tenants", "--concurrency", "2"], { cwd: at.dir, env: { ...process.env, ...at.env }, stdout: "pipe", stderr: "pipe" })
  for (const end = Date.now() + 20_000; Date.now() < end && (await at.sql("select from pg_stat_activity where query like 'begin isolation level read committed read write%' and state = 'active' and wait_event = 'PgSleep' and datname = current_database()")).length === 0;) await Bun.sleep(50)
  child.kill("SIGINT")
  const [said, exit] = [await new Response(child.stdout).text(), await child.exited]
  expect([exit, said]).toEqual([130, expect.stringContaining("Not tried")])
  expect(await at.sql("select from pg_stat_activity where query like 'begin isolation level read committed read write%' and state = 'active' and wait_event = 'PgSleep' and datname = current_database()")).toEqual([])
  const again = await at.json<Ran>("db migrate up --all-tenants")
  expect([again.exit, (again.data.counts["applied"] ?? 0) + (again.data.counts["already"] ?? 0)]).toEqual([0, 8])
  expect(await at.sql("select from pg_class where relname = 't'")).toHaveLength(8)
}, 60_000)

test("Ctrl-C whose first cancellation stops nothing: the server is asked until it has stopped", async () => {
  const at = await made(tenantNames(4), { "migrations/0001_slow.sql": "create table t (id int);\ndo $$ begin perform pg_sleep(30); exception when query_canceled then null; end $$;\nselect pg_sleep(30);\n" })
  const child = Bun.spawn([process.execPath, `${import.meta.dir}/../../src/main.ts`, "db", "migrate", "up", "--all-tenants", "--concurrency", "2"], { cwd: at.dir, env: { ...process.env, ...at.env }, stdout: "pipe", stderr: "pipe" })
  await eventually(async () => (await at.sql("select from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()")).length === 2)
  child.kill("SIGINT")
  const [said, exit] = [await new Response(child.stdout).text(), await child.exited]
  expect([exit, said]).toEqual([130, expect.stringContaining("Not tried")])
  expect(await at.sql("select from pg_class where relname = 't'")).toEqual([])
}, 60_000)

test("a file that makes its session read-only and fails outside of a transaction: its failure is written down all the same", async () => {
  const at = await made(["tenant_a", "tenant_b"], { "migrations/0001_t.sql": "create table t (id int);\n", "migrations/0002_role.sql": "set default_transaction_read_only = on;\ncreate index concurrently t_id on t (id);\n" })
  const ran = await at.json<Ran>("db migrate up --all-tenants --concurrency 1")
  expect([ran.exit, ran.data.tenants.map(one => one.state)]).toEqual([8, ["failed", "failed"]])
  expect((await at.sql<{ name: string }>("select name from np_migrations_audit where result = 'failed' order by 1")).map(row => row.name)).toEqual(["tenant a", "tenant b"])
  expect(await at.sql("select from tenant_a.np_migrations where version = 1 and state = 'applied' union all select from tenant_b.np_migrations where version = 1 and state = 'applied'")).toHaveLength(2)
}, 60_000)
