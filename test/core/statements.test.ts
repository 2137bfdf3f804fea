import { expect, test } from "bun:test"
import { messagesOf, refuseTrouble, splitStatements } from "../../src/core/statements.ts"
import { unitsOf } from "../../src/pg/units.ts"

const file = (text: string) => ({ path: "migrations/0001_a.sql", text, sha256: "" })

test("a file is split by PostgreSQL's parser, offsets are characters", async () => {
  const text = "-- é; comment\nselect 'é;';\n--> statement-breakpoint\ncreate function f() returns int language sql as $$ select 1; $$;\n"
  const statements = await splitStatements(text)
  expect(statements.map(one => one.node)).toEqual(["SelectStmt", "CreateFunctionStmt"])
  expect(statements.map(one => [...text].slice(one.start, one.start + 6).join(""))).toEqual(["select", "create"])
  expect(statements[1]!.text).toBe("create function f() returns int language sql as $$ select 1; $$")
})

test.each<[string, boolean]>([
  ["create index concurrently i on t(a)", false], ["create index i on t(a)", true],
  ["drop index concurrently i", false], ["drop index i", true],
  ["reindex index concurrently i", false], ["reindex index i", true], ["reindex schema s", false],
  ["vacuum t", false], ["analyze t", true], ["cluster", false], ["cluster t using i", true],
  ["alter table a detach partition b concurrently", false], ["alter table a detach partition b", true],
  ["alter system set work_mem = '1MB'", false], ["create database x", false], ["discard all", false],
  ["refresh materialized view concurrently v", true], ["alter type e add value 'x'", true],
  ["create tablespace x location '/x'", false], ["drop tablespace x", false], ["alter tablespace x set (random_page_cost = 1)", true],
  ["alter database x set tablespace y", false], ["alter database x set work_mem = '1MB'", true],
  ["create subscription s connection '' publication p", false], ["drop subscription s", false], ["alter subscription s refresh publication", false],
  ["alter subscription s set publication p", false], ["alter subscription s disable", true], ["alter table all in tablespace a set tablespace b", true],
])("%s: in a transaction %p", async (sql, transactional) => {
  expect((await splitStatements(sql)).map(one => one.transactional)).toEqual([transactional])
})

test("only comments are no statements, what cannot be parsed is one", async () => {
  expect(await splitStatements("-- nothing\n")).toEqual([])
  expect(await splitStatements("select 'abc")).toEqual([{ start: 0, text: "select 'abc", node: "", transactional: true, splits: false, trouble: null, control: null, rows: null, psql: false, subject: null, beyond: false }])
})

test.each([["begin"], ["commit"], ["rollback"], ["start transaction"], ["end"]])("a file with its own %s is refused with its line", async sql => {
  const bad = file(`select 1;\n  ${sql};\n`)
  const statements = await splitStatements(bad.text)
  expect(() => refuseTrouble(bad, statements)).toThrow("migrations/0001_a.sql:2: a migration must not begin or end a transaction itself")
})

test("a savepoint and a plpgsql block are no trouble, COPY FROM STDIN is", async () => {
  const good = file("savepoint a; rollback to a; do $$ begin perform 1; end $$")
  expect(() => refuseTrouble(good, [])).not.toThrow()
  refuseTrouble(good, await splitStatements(good.text))
  const copy = file("copy t from stdin")
  const statements = await splitStatements(copy.text)
  expect(() => refuseTrouble(copy, statements)).toThrow("COPY FROM STDIN")
})

test("a statement that cannot be taken back tells what it is about", async () => {
  const all = await splitStatements(`create index concurrently "I" on s.t (a); create index j on t (a); create unique index concurrently on é.t (a);
    drop index concurrently s.i; reindex table concurrently t; reindex index concurrently s.i; alter table p detach partition s.c concurrently; create database d; vacuum t`)
  expect(all.map(one => one.subject)).toEqual([
    { kind: "create index", concurrent: true, name: "I", table: { schema: "s", name: "t" }, tableAt: 33, ifNotExists: false },
    { kind: "create index", concurrent: false, name: "j", table: { schema: null, name: "t" }, tableAt: 18, ifNotExists: false },
    { kind: "create index", concurrent: true, name: null, table: { schema: "é", name: "t" }, tableAt: 36, ifNotExists: false },
    { kind: "drop index", index: { schema: "s", name: "i" } },
    { kind: "reindex", what: "table", relation: { schema: null, name: "t" } },
    { kind: "reindex", what: "index", relation: { schema: "s", name: "i" } },
    { kind: "detach", table: { schema: null, name: "p" }, partition: { schema: "s", name: "c" } },
    { kind: "create", what: "database", name: "d" },
    null,
  ])
  expect(all[2]!.text.slice(all[2]!.subject?.kind === "create index" ? all[2]!.subject.tableAt : 0)).toBe("é.t (a)")
})

test.each<[string, string]>([
  ["\\connect other\n", "migrations/0001_a.sql:1: only psql knows this command"],
  ["select 1 as é \\gset\n", "migrations/0001_a.sql:1: only psql knows this command"],
  ["select 1;\n-- é 😀\n\\i other.sql\nselect 2;\n", "migrations/0001_a.sql:3: only psql knows this command"],
  ["select 1;\ncopy t (a, b) from stdin\n", "migrations/0001_a.sql:2: COPY FROM STDIN needs the rows below it"],
])("what only psql could do is refused with its line: %j", async (text, message) => {
  expect.assertions(1)
  const statements = await splitStatements(text)
  expect(() => refuseTrouble(file(text), statements)).toThrow(message)
})

test("a dump of pg_dump is sent piece by piece: its \\restrict means nothing, COPY has its rows", async () => {
  const text = "\\restrict abc\nset x = 1;\ncopy t (a, b) from stdin;\n1\tit's\n\\.\nselect 2;\n\\unrestrict abc\n"
  const statements = await splitStatements(text)
  refuseTrouble(file(text), statements)
  expect(messagesOf(text, statements).map(({ start, text, rows }) => ({ start, text, rows }))).toEqual([
    { start: 14, text: "set x = 1", rows: null }, { start: 25, text: "copy t (a, b) from stdin", rows: "1\tit's\n" }, { start: 61, text: "select 2", rows: null },
  ])
  expect(messagesOf("select 1; select 2", await splitStatements("select 1; select 2"))).toEqual([{ start: 0, text: "select 1; select 2", rows: null }])
})

test.each<[string, readonly boolean[]]>([
  ["alter type e add value 'x'; insert into t values ('x')", [true, false]],
  ["alter type e add value 'x'; alter table t alter c set default 'x'", [true, false]],
  ["alter type e add value 'x'; do $$ begin insert into t values ('x'); end $$", [true, false]],
  ["alter type e add value 'x'; insert into t values ('y')", [false, false]],
  ["insert into t values ('x'); alter type e add value 'x'", [false, false]],
  ["alter type e rename value 'y' to 'x'; insert into t values ('x')", [false, false]],
  ["create type e as enum ('y'); alter type e add value 'x'; insert into t values ('x')", [false, false, false]],
])("a new enum value used further down splits the file: %s", async (sql, splits) => {
  expect((await splitStatements(sql)).map(one => one.splits)).toEqual([...splits])
})

test("-- nself:no-transaction: statement by statement, and a pair of BEGIN and COMMIT is one", async () => {
  const text = "-- é 😀\n-- nself:no-transaction\nselect 1;\nbegin;\ncall p();\nselect 2;\ncommit;\ncall p();\n"
  const statements = await splitStatements(text)
  refuseTrouble(file(text), statements)
  expect(statements.every(one => one.splits)).toBe(true)
  expect(statements.map(one => one.control)).toEqual([null, "begin", null, null, "commit", null])
  expect(unitsOf(statements, 0)).toEqual([{ from: 0, to: 1, transaction: true }, { from: 1, to: 5, transaction: true }, { from: 5, to: 6, transaction: false }])
  const open = "-- nself:no-transaction\nbegin;\nselect 1;\n"
  expect.assertions(4)
  try { refuseTrouble(file(open), await splitStatements(open)) } catch (error) { expect((error as Error).message).toContain("0001_a.sql:2") }
})

test("the directive counts only in front of the first statement", async () => {
  expect((await splitStatements("select 1;\n-- nself:no-transaction\n")).map(one => one.splits)).toEqual([false])
})

test("a backslash inside of a string or a comment is no command of psql", async () => {
  const text = "-- \\restrict\nselect '\\connect', $$\n\\.\n$$;"
  expect((await splitStatements(text)).map(one => one.trouble)).toEqual([null])
})
