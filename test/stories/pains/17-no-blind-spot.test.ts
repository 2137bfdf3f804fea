import { afterAll, beforeAll, expect, test } from "bun:test"
import { project, runNself } from "../../support/nself.ts"
import { admin, startServer, type TestServer } from "../../support/server.ts"

let server: TestServer
const removes: (() => Promise<void>)[] = []
beforeAll(async () => void (server = await startServer(15)), 60_000)
afterAll(async () => void (await Promise.all(removes.map(remove => remove()))))

/** What `drizzle-kit push` and others look past. Sixty more, one by one: `test/pg/drift.test.ts`. */
const BEFORE = `CREATE TABLE "t" ("id" int PRIMARY KEY, "a" text, "b" text, "n" int, "low" text GENERATED ALWAYS AS (lower(a)) STORED, CONSTRAINT "c" CHECK (n > 0));
CREATE INDEX "i" ON "t" ("a", "b") WHERE n > 1;
CREATE VIEW "v" AS SELECT id FROM "t" WHERE n > 1;
CREATE FUNCTION "f"() RETURNS int LANGUAGE sql AS 'select 1';
ALTER TABLE "t" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "p" ON "t" USING (n > 1);
`
const CHANGED = `alter table t drop constraint c, add constraint c check (n > 1); drop index i; create index i on t (b, a) where n > 2; create or replace view v as select id from t where n > 2;
  create or replace function f() returns int language sql as 'select 2'; alter policy p on t using (n > 2); alter table t drop low; alter table t add low text generated always as (upper(a)) stored`

test("pain 17: a changed check, policy, view, function, generated column, predicate and column order are seen, and closed by --sql", async () => {
  const { dir, remove } = await project({ "migrations/0001_initial.sql": BEFORE, "migrations/0001_initial.down.sql": `DROP TABLE "t" CASCADE;\n` })
  removes.push(remove)
  const url = await server.database()
  const run = (words: string) => runNself(dir, words, { env: { DATABASE_URL: url } })
  await run("db migrate up")
  await admin(url, CHANGED)
  const { drift } = JSON.parse((await run("db migrate diff --json")).stdout).data
  expect(drift.changed.map(({ kind, key }: { kind: string; key: string }) => `${kind} ${key}`)).toEqual(["column t.low", "constraint t.c", "function f()", "index i", "policy t.p", "view v"])
  await admin(url, (await run("db migrate diff --sql")).stdout)
  expect((await run("db migrate diff --fail-on-drift")).stdout).toContain("No drift")
}, 60_000)
