import { expect, setDefaultTimeout, test } from "bun:test"
import { EXTENSION_FILES } from "../../src/shadow/extension-files.ts"
import { openShadow } from "../../src/shadow/shadow.ts"

setDefaultTimeout(60_000)

test("a shadow is an empty PostgreSQL 18 that says so", async () => {
  const shadow = await openShadow()
  expect(shadow.engine).toMatch(/^embedded PostgreSQL 18\.\d+$/)
  expect(shadow.versionNum).toBeGreaterThanOrEqual(180_000)
  expect(await shadow.query("select 1 from pg_class where relnamespace = 'public'::regnamespace")).toEqual([])
  await shadow.close()
})

test("parameters are bound and values come back typed", async () => {
  const shadow = await openShadow()
  const sql = "select $1::text as t, count(*) as n, '{\"a\":[1]}'::jsonb as j, '2026-01-02T03:04:05Z'::timestamptz as at, array['x']::name[] as names"
  expect(await shadow.query(sql, ["it's"])).toEqual([{ t: "it's", n: 1, j: { a: [1] }, at: new Date("2026-01-02T03:04:05Z"), names: ["x"] }])
  await shadow.close()
})

test("a script that fails names its statement, leaves nothing and the session usable", async () => {
  const shadow = await openShadow()
  const error = await shadow.script("create table a(); create table b(); select 1/0; create table c()").catch(thrown => thrown)
  expect(error).toBeInstanceOf(Error)
  expect(error).toMatchObject({ code: "22012", message: "division by zero", statement: 2 })
  expect(await shadow.query("select relname from pg_class where relname in ('a', 'b')")).toEqual([])
  const syntax = await shadow.script("select 1; selct 2").catch(thrown => thrown)
  expect(syntax).toMatchObject({ code: "42601", position: "11" })
  expect(syntax.statement).toBeUndefined()
  await shadow.close()
})

test("two shadows know nothing of each other", async () => {
  const [one, two] = await Promise.all([openShadow(), openShadow()])
  await one.script("create table only_here()")
  expect(await two.query("select to_regclass('only_here') as found")).toEqual([{ found: null }])
  await Promise.all([one.close(), two.close()])
})

test("what one shadow wrote to its files is not what the next one reads (they shared the image's bytes: heap tid points to unused heap page item)", async () => {
  const changed = "create function many() returns int language sql return 1; create extension hstore; create table t (a int primary key, b text); drop extension hstore; checkpoint"
  for (let i = 0; i < 3; i++) {
    const shadow = await openShadow()
    await shadow.script(changed)
    await shadow.script("create extension hstore; checkpoint")
    await shadow.close()
  }
})

test("a shadow refuses what a server refuses: a schema of the system's name", async () => {
  const shadow = await openShadow()
  expect(await shadow.script("create schema pg_mine").catch(thrown => thrown.code)).toBe("42939")
  await shadow.close()
})

test("every extension that nself carries can be created", async () => {
  const shadow = await openShadow()
  const names = Object.keys(EXTENSION_FILES)
  await shadow.script(names.map(name => `create extension "${name}";`).join("\n"))
  const rows = await shadow.query<{ name: string }>("select extname as name from pg_extension where extname <> 'plpgsql' order by 1")
  expect(rows.map(row => row.name)).toEqual(names.toSorted())
  await shadow.close()
})

test("extensions are listed, and the library of one is found under its own name, before any was created", async () => {
  const shadow = await openShadow()
  await shadow.script("create function same(integer[], integer[]) returns boolean language c as '$libdir/_int', '_int_same'")
  expect(await shadow.query("select same('{1,2}', '{2,1}') as same")).toEqual([{ same: true }])
  const rows = await shadow.query<{ name: string }>("select name from pg_available_extensions where name <> 'plpgsql' order by 1")
  expect(rows.map(row => row.name)).toEqual(Object.keys(EXTENSION_FILES).toSorted())
  await shadow.close()
})

test("an extension that nself does not carry is PostgreSQL's own error", async () => {
  const shadow = await openShadow()
  expect(await shadow.script("create extension postgis").catch(thrown => thrown.code)).toBe("0A000")
  await shadow.close()
})

test("a shadow makes thousands of tables in one transaction (it ended with out of shared memory at 2,000)", async () => {
  const shadow = await openShadow()
  await shadow.script("begin; select count(pg_advisory_xact_lock(n)) from generate_series(1, 60000) n; rollback") // a lock each, as every relation has one
  expect(await shadow.query("select 1 as fine")).toEqual([{ fine: 1 }])
  await shadow.close()
})
