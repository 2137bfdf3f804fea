/** FAULTS.md, section 5: statements that no transaction can hold, and files that are not one transaction. */
import { describe, expect, test } from "bun:test"
import { Client } from "pg"
import { splitStatements } from "../../../src/core/statements.ts"
import { openMigrator } from "../../../src/pg/migrator.ts"
import { FAULT_MAJORS } from "../../support/majors.ts"
import { eventually, migration, opened, step } from "../../support/migrating.ts"
import { startProxy, through } from "../../support/proxy.ts"
import { ledger, site, type Site } from "../../support/site.ts"

const Q = "CREATE TABLE q (id int);\nINSERT INTO q SELECT g FROM generate_series(1, 1000) g;\n"
const CIC = "CREATE INDEX CONCURRENTLY idx_q ON q (id);\n"

const indexes = (at: Site) => at.ask<{ name: string; valid: boolean }>(
  "select c.relname::text as name, i.indisvalid as valid from pg_index i join pg_class c on c.oid = i.indexrelid join pg_class t on t.oid = i.indrelid where t.relname = 'q' order by 1")
const building = (at: Site) => eventually(async () => (await at.ask<{ pid: number }>("select pid from pg_stat_progress_create_index where datname = current_database() and phase like 'waiting%'"))[0])

/** A transaction that keeps every CREATE INDEX CONCURRENTLY on the table waiting for as long as it is open. */
async function oldWriter(at: Site): Promise<AsyncDisposable> {
  const client = new Client({ connectionString: at.url, application_name: "the app" })
  await client.connect()
  await client.query("begin; insert into q values (0)")
  return { [Symbol.asyncDispose]: () => client.end() }
}

describe.each(FAULT_MAJORS)("PostgreSQL %i", major => {
  test("#3 kill -9 during CREATE INDEX CONCURRENTLY while the build lives: waited for, nothing dropped, one index", async () => {
    await using at = await site(major, { "0001_i.sql": CIC })
    await at.ask(Q)
    await using proxy = await startProxy(Number(new URL(at.url).port))
    const writer = await oldWriter(at)
    const { child } = at.start("db migrate up", { DATABASE_URL: through(at.url, proxy) })
    const { pid } = await building(at)
    proxy.rules.blackhole = true // the server does not learn that its client is dead, as with a cable that was pulled
    child.kill("SIGKILL")
    await child.exited
    const again = at.start("db migrate up --lock-wait 20s")
    await eventually(async () => (await at.ask("select from pg_stat_activity where application_name like 'nself%' and datname = current_database()")).length >= 2)
    expect((await building(at)).pid).toBe(pid)
    await writer[Symbol.asyncDispose]()
    await eventually(async () => (await indexes(at))[0]?.valid)
    proxy.cut() // now it learns
    expect((await again.end).exit).toBe(0)
    expect(await indexes(at)).toEqual([{ name: "idx_q", valid: true }])
    expect(await ledger(at)).toEqual(["1 applied"])
  })

  test("#3 a build that another session goes on with is waited for, and counts when it is the same index", async () => {
    await using at = await site(major, { "0001_i.sql": CIC })
    await at.ask(Q)
    const writer = await oldWriter(at)
    const { child } = at.start("db migrate up")
    await building(at)
    child.kill("SIGKILL")
    await at.quiet()
    await writer[Symbol.asyncDispose]()
    await at.ask("drop index idx_q")
    const second = await oldWriter(at)
    const other = at.ask(CIC.trim()) // somebody by hand
    await building(at)
    const again = at.start("db migrate up")
    await eventually(async () => (await at.ask("select from np_migrations where state = 'running'")).length > 0)
    await second[Symbol.asyncDispose]()
    await other
    expect((await again.end).exit).toBe(0)
    expect(await indexes(at)).toEqual([{ name: "idx_q", valid: true }])
  })

  test("#4 an INVALID index left behind is dropped and built again", async () => {
    await using at = await site(major, { "0001_i.sql": CIC })
    await at.ask(Q)
    const writer = await oldWriter(at)
    const { child } = at.start("db migrate up")
    await building(at)
    child.kill("SIGKILL")
    await at.quiet()
    await writer[Symbol.asyncDispose]()
    expect(await indexes(at)).toEqual([{ name: "idx_q", valid: false }])
    expect(await ledger(at)).toEqual(["1 running"])
    expect((await at.run("db migrate up")).exit).toBe(0)
    expect(await indexes(at)).toEqual([{ name: "idx_q", valid: true }])
    expect(await ledger(at)).toEqual(["1 applied"])
  })

  test("#5 IF NOT EXISTS does not hide an INVALID index", async () => {
    await using at = await site(major, { "0001_i.sql": "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS idx_q ON q (id);\n" })
    await at.ask("create table q (id int); insert into q values (1), (1)")
    await at.ask("create unique index concurrently idx_q on q (id)").catch(() => {})
    expect(await indexes(at)).toEqual([{ name: "idx_q", valid: false }])
    const first = await at.run("db migrate up")
    expect([first.exit, first.stderr]).toEqual([1, expect.stringContaining("could not create unique index")])
    await at.ask("delete from q where ctid = (select min(ctid) from q)")
    expect((await at.run("db migrate up")).exit).toBe(0)
    expect(await indexes(at)).toEqual([{ name: "idx_q", valid: true }])
  })

  test("#6 leftovers of REINDEX CONCURRENTLY: the next run drops them and rebuilds; doctor lists those of others", async () => {
    await using at = await site(major, { "0001_r.sql": "REINDEX INDEX CONCURRENTLY idx_q;\n" })
    await at.ask(`${Q}create index idx_q on q (id)`)
    const writer = await oldWriter(at)
    const { child } = at.start("db migrate up")
    await building(at)
    child.kill("SIGKILL")
    await at.quiet()
    await writer[Symbol.asyncDispose]()
    expect((await indexes(at)).map(one => one.name)).toEqual(["idx_q", "idx_q_ccnew"])
    expect((await at.run("db migrate up")).exit).toBe(0)
    expect(await indexes(at)).toEqual([{ name: "idx_q", valid: true }])
    await at.ask("insert into q values (1)")
    await at.ask("create unique index concurrently idx_bad on q (id)").catch(() => {})
    expect((await at.run("doctor")).stdout).toContain("idx_bad")
  })

  test("#7 a unique CONCURRENTLY over duplicates fails with the place, and leaves no INVALID index", async () => {
    await using at = await site(major, { "0001_i.sql": "CREATE UNIQUE INDEX CONCURRENTLY idx_q ON q (id);\n" })
    await at.ask("create table q (id int); insert into q values (7), (7)")
    const { exit, stderr } = await at.run("db migrate up")
    expect(exit).toBe(1)
    expect(stderr).toContain("migrations/0001_i.sql:1:1: could not create unique index")
    expect(await indexes(at)).toEqual([])
  })

  test("#9 a second runner waits while the first builds CONCURRENTLY: no hang", async () => {
    await using at = await site(major, { "0001_i.sql": CIC })
    await at.ask(Q)
    const writer = await oldWriter(at)
    const first = at.start("db migrate up")
    await building(at)
    const second = at.start("db migrate up")
    await eventually(async () => (await at.ask("select count(distinct application_name)::int as n from pg_stat_activity where application_name like 'nself/%' and datname = current_database()"))[0]?.["n"] === 2)
    await Bun.sleep(300)
    await writer[Symbol.asyncDispose]()
    const ends = await Promise.all([first.end, second.end])
    expect(ends.map(end => end.exit)).toEqual([0, 0])
    expect(await indexes(at)).toEqual([{ name: "idx_q", valid: true }])
  })

  test("#40 a file's own BEGIN and COMMIT: refused with its line before anything runs; hidden ones are found at run", async () => {
    await using at = await site(major, { "0001_a.sql": "CREATE TABLE one (n int);\n", "0002_b.sql": "CREATE TABLE two (n int);\nCOMMIT;\n" })
    const refused = await at.run("db migrate up")
    expect([refused.exit, refused.stderr]).toEqual([3, expect.stringContaining("migrations/0002_b.sql:2: a migration must not begin or end a transaction itself")])
    expect(await at.ask("select to_regclass('one') as one")).toEqual([{ one: null }])
    expect((await at.run("db migrate lint")).stdout).toContain("migrations/0002_b.sql:2: error")
    await using hidden = await site(major, { "0001_p.sql": "CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN COMMIT; END $$;\n", "0002_c.sql": "CREATE TABLE c (n int);\nCALL p();\n", "0003_d.sql": "-- nself:no-transaction\nCREATE TABLE d (n int);\nCALL p();\nBEGIN;\nINSERT INTO d VALUES (1);\nINSERT INTO d VALUES (2);\nCOMMIT;\n" })
    const atRun = await hidden.run("db migrate up")
    expect([atRun.exit, atRun.stderr]).toEqual([1, expect.stringContaining("-- nself:no-transaction")])
    expect(await hidden.ask("select to_regclass('c') as c")).toEqual([{ c: null }])
    await hidden.write("migrations/0002_c.sql", "CREATE TABLE c (n int);\n")
    await hidden.write("migrations/meta/_journal.json", JSON.stringify({ entries: ["0001_p", "0002_c", "0003_d"].map(tag => ({ tag })) }))
    expect((await hidden.run("db migrate up")).exit).toBe(0)
    expect(await hidden.ask("select count(*)::int as n from d")).toEqual([{ n: 2 }])
  })

  test("#40 what stands between BEGIN and COMMIT of a file without a transaction is one: all of it or nothing, and gone on with there", async () => {
    await using at = await site(major, { "0001_a.sql": "-- nself:no-transaction\nCREATE TABLE t (n int);\nBEGIN;\nINSERT INTO t VALUES (1);\nINSERT INTO t SELECT n FROM missing;\nCOMMIT;\nINSERT INTO t VALUES (3);\n" })
    const first = await at.run("db migrate up")
    expect([first.exit, first.stderr]).toEqual([1, expect.stringContaining("migrations/0001_a.sql:5")])
    expect(await at.ask("select n from t")).toEqual([])
    await at.ask("create table missing as select 2 as n")
    expect((await at.run("db migrate up")).exit).toBe(0)
    expect(await at.ask("select n from t order by n")).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }])
  })

  test("#41 search_path, role, time-outs, temporary tables of a file do not leak into the next one, nor keep the ledger from being written", async () => {
    const role = `weak${major}_${Date.now()}`
    await using at = await site(major, {
      "0001_a.sql": `SELECT pg_catalog.set_config('search_path', '', false);\nSET statement_timeout = '400ms';\nSET row_security = off;\nCREATE TEMP TABLE two (n int);\nSET ROLE ${role};\n`,
      "0002_b.sql": "CREATE TABLE two (n int);\nSELECT pg_sleep(0.5);\n",
    })
    await at.ask(`create role ${role}`)
    expect(await at.run("db migrate up")).toMatchObject({ exit: 0 })
    expect(await at.ask("select schemaname::text as s, tableowner::text as o from pg_tables where tablename = 'two'")).toEqual([{ s: "public", o: "postgres" }])
    expect(await ledger(at)).toEqual(["1 applied", "2 applied"])
  })

  test("#42 a pg_dump baseline with \\restrict and COPY blocks runs; other commands of psql are refused with their line", async () => {
    const dump = `--
-- PostgreSQL database dump
--

\\restrict AbC123

SET statement_timeout = 0;
SET default_table_access_method = heap;
SELECT pg_catalog.set_config('search_path', '', false);
SET default_tablespace = '';

CREATE TABLE public.people (
    id integer NOT NULL,
    name text
);

COPY public.people (id, name) FROM stdin;
1	it's; \\N
2	\\N
3	back\\\\slash
\\.

ALTER TABLE ONLY public.people
    ADD CONSTRAINT people_pkey PRIMARY KEY (id);

\\unrestrict AbC123
`
    await using at = await site(major, { "0001_baseline.sql": dump, "0002_next.sql": "ALTER TABLE people ADD COLUMN age int;\n" })
    expect(await at.run("db migrate up")).toMatchObject({ exit: 0 })
    expect(await at.ask("select id, name from people order by id")).toEqual([{ id: 1, name: "it's; N" }, { id: 2, name: null }, { id: 3, name: "back\\slash" }])
    await using other = await site(major, { "0001_c.sql": "CREATE TABLE one (n int);\n\\connect other\n" })
    expect(await other.run("db migrate up")).toMatchObject({ exit: 3, stderr: expect.stringContaining("migrations/0001_c.sql:2: only psql knows this command") })
  })

  test("#43 COPY FROM STDIN: its rows are loaded, a bad row is a fault of the file and leaves nothing, rows that are missing never hang", async () => {
    await using at = await site(major, { "0001_c.sql": "CREATE TABLE t (n int);\nCOPY t FROM stdin;\n1\nx\n\\.\n" })
    const bad = await at.run("db migrate up")
    expect([bad.exit, bad.stderr]).toEqual([1, expect.stringContaining("migrations/0001_c.sql:2:1: invalid input syntax")])
    expect(await at.ask("select to_regclass('t') as t")).toEqual([{ t: null }])
    await using open = await site(major, { "0001_c.sql": "CREATE TABLE t (n int);\nCOPY t FROM stdin\n" })
    expect(await open.run("db migrate up")).toMatchObject({ exit: 3, stderr: expect.stringContaining("migrations/0001_c.sql:2: COPY FROM STDIN needs the rows below it") })
  })

  test("#44 CONCURRENTLY among other statements, comments and dollar quotes: each runs alone, lint says so", async () => {
    const text = `-- two of them\n${CIC}DO $x$ BEGIN PERFORM ';'; END $x$;\n/* ; */ CREATE INDEX CONCURRENTLY idx_q2 ON q (id);\nCREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1; $$;\n`
    await using at = await site(major, { "0001_i.sql": text })
    await at.ask(Q)
    expect((await at.run("db migrate lint")).stdout).toContain("migrations/0001_i.sql:2: warning")
    expect((await at.run("db migrate up")).exit).toBe(0)
    expect(await indexes(at)).toEqual([{ name: "idx_q", valid: true }, { name: "idx_q2", valid: true }])
  })

  test("#45 a new enum value used further down: the file is split there, seen by the parser or told by PostgreSQL; lint advises", async () => {
    await using at = await site(major, {
      "0001_e.sql": "CREATE TYPE mood AS ENUM ('sad');\nCREATE TABLE t (m mood);\n",
      "0002_v.sql": "ALTER TYPE mood ADD VALUE 'glad';\nINSERT INTO t VALUES ('glad');\nALTER TABLE t ALTER m SET DEFAULT 'glad';\n",
      "0003_w.sql": "ALTER TYPE mood ADD VALUE 'so so';\nINSERT INTO t VALUES (('so ' || 'so')::mood);\n",
    })
    expect((await at.run("db migrate lint")).stdout).toContain("new-enum-value")
    expect(await at.run("db migrate up")).toMatchObject({ exit: 0 })
    expect(await at.ask("select m::text as m from t order by m")).toEqual([{ m: "glad" }, { m: "so so" }])
    expect(await ledger(at)).toEqual(["1 applied", "2 applied", "3 applied"])
  })

  test.each<[string, string]>([
    ["create table q (id int)", "CREATE INDEX CONCURRENTLY idx_q ON q (id)"],
    ["create table q (id int)", 'CREATE UNIQUE INDEX CONCURRENTLY ON public.q (lower(id::text) DESC) WHERE id > 0'],
    ["create table q (id int); create index idx_q on q (id)", "DROP INDEX CONCURRENTLY idx_q"],
    ["create table q (id int); create index idx_q on q (id)", "REINDEX TABLE CONCURRENTLY q"],
    ["create table p (n int) partition by range (n); create table p1 partition of p for values from (1) to (2)", "ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY"],
    ["select 1", "CREATE DATABASE $name"],
    ["create table q (id int)", "VACUUM q"],
  ])("a statement that was done before the crash, and not noted, is not done twice: %s; %s", async (before, given) => {
    await using at = await site(major, {})
    const text = given.replace("$name", `side_${Date.now()}_${major}`)
    const one = migration(1, `${text};\ncreate table last (n int);\n`)
    const database = await opened(at.url)
    await at.ask(before)
    await at.ask(text)
    const state = async () => JSON.stringify(await at.ask("select c.relname::text, c.relkind::text from pg_class c where relnamespace = 'public'::regnamespace and relname !~ '^(np_|last)' order by 1"))
    const then = await state()
    await at.ask(`insert into np_migrations (version, name, checksum, state, statement_no, run_id) values (1, '${one.name}', '${one.up.sha256}', 'running', 0, gen_random_uuid())`)
    expect(await openMigrator(database, splitStatements).apply(step(one))).toMatchObject({ kind: "applied" })
    expect(await state()).toBe(then)
    await database.close()
  })

  test("a valid index of that name that is another one is not taken for the one that the crash left", async () => {
    await using at = await site(major, {})
    const one = migration(1, "create index concurrently idx_q on q (id);\n")
    const database = await opened(at.url)
    await at.ask("create table q (id int, x int); create index idx_q on q (x)")
    await at.ask(`insert into np_migrations (version, name, checksum, state, statement_no, run_id) values (1, '${one.name}', '${one.up.sha256}', 'running', 0, gen_random_uuid())`)
    await expect(openMigrator(database, splitStatements).apply(step(one))).rejects.toThrow("index idx_q is there, but it is not the one that this file makes")
    await database.close()
  })
})
