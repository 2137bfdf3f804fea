import { expect, test } from "bun:test"
import { refuseTrouble, splitStatements } from "../../src/core/statements.ts"

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
])("%s: in a transaction %p", async (sql, transactional) => {
  expect((await splitStatements(sql)).map(one => one.transactional)).toEqual([transactional])
})

test("only comments are no statements, what cannot be parsed is one", async () => {
  expect(await splitStatements("-- nothing\n")).toEqual([])
  expect(await splitStatements("select 'abc")).toEqual([{ start: 0, text: "select 'abc", node: "", transactional: true, trouble: null, index: null }])
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

test("CREATE INDEX CONCURRENTLY tells the index it names", async () => {
  const all = await splitStatements(`create index concurrently "I" on s.t (a); create index j on t (a); create index concurrently on t (a); create index concurrently if not exists k on t (a)`)
  expect(all.map(one => one.index)).toEqual([{ schema: "s", name: "I" }, null, null, { schema: null, name: "k" }])
})

test.each<[string, string]>([
  ["select 1;\n-- é 😀\n\\restrict abc\nselect 2;\n", "migrations/0001_a.sql:3: only psql knows this command"],
  ["\\connect other\n", "migrations/0001_a.sql:1: only psql knows this command"],
  ["select 1 as é \\gset\n", "migrations/0001_a.sql:1: only psql knows this command"],
  ["select 1;\ncopy t (a, b) from stdin;\n1\tit's\n\\.\nselect 2;\n", "migrations/0001_a.sql:2: COPY FROM STDIN needs rows"],
  ["copy t from stdin;\n\\.\n", "migrations/0001_a.sql:1: COPY FROM STDIN needs rows"],
])("what pg_dump writes for psql alone is refused with its line: %j", async (text, message) => {
  expect.assertions(1)
  const statements = await splitStatements(text)
  expect(() => refuseTrouble(file(text), statements)).toThrow(message)
})

test("a backslash inside of a string or a comment is no command of psql", async () => {
  const text = "-- \\restrict\nselect '\\connect', $$\n\\.\n$$;"
  expect((await splitStatements(text)).map(one => one.trouble)).toEqual([null])
})
