import { afterAll, beforeAll, expect, test } from "bun:test"
import { join } from "node:path"
import { ask } from "../support/migrating.ts"
import { reset } from "../../src/flows/drift/reset.ts"
import { contextAt } from "../support/context.ts"
import { nself, project, runNself } from "../support/nself.ts"
import { admin, startServer, type TestServer } from "../support/server.ts"

let server: TestServer
const removes: (() => Promise<void>)[] = []
beforeAll(async () => void (server = await startServer(17)), 60_000)
afterAll(async () => void (await Promise.all(removes.map(remove => remove()))))

const FILES = {
  "migrations/0001_initial.sql": `CREATE SCHEMA "app";\nCREATE EXTENSION citext;\nCREATE TYPE "mood" AS ENUM ('ok');\nCREATE TABLE "np_users" ("id" serial PRIMARY KEY, "mood" "mood", "mail" citext);\nCREATE TABLE "app"."t" ("id" int REFERENCES "np_users"("id"));\n`,
  "migrations/0001_initial.down.sql": `DROP TABLE "app"."t";\n`,
  "migrations/0002_view.sql": `CREATE VIEW "np_view" AS SELECT id FROM "np_users";\nCREATE FUNCTION "f"() RETURNS int LANGUAGE sql AS 'select 1';\n`,
  "migrations/0002_view.down.sql": `DROP VIEW "np_view";\n`,
}

async function story(files: Readonly<Record<string, string>> = {}) {
  const { dir, remove } = await project({ ...FILES, ...files })
  const url = await server.database()
  removes.push(remove)
  const env = { DATABASE_URL: url }
  return { dir, url, type: (args: string) => nself(dir, args, { env }), run: (args: string) => runNself(dir, args, { env }), sql: (text: string) => admin(url, text), ask: <R>(sql: string) => ask<R>(url, sql) }
}

test("reset drops what the migrations made, keeps what others made, and applies all from scratch", async () => {
  const { type, run, sql, ask } = await story()
  await run("db migrate up")
  await sql("insert into np_users (mood) values ('ok'); create schema other; create table other.kept (id int); insert into other.kept values (1); create table notes (id int); create index by_hand on np_users (mood)")
  expect(await type("db migrate reset")).toMatchInlineSnapshot(`
    "$ nself db migrate reset
    --- stderr
    error: reset drops the data of postgres@127.0.0.1:5432/app, and nobody is there to say yes; nothing was changed

    hint: look at nself db migrate reset --dry-run, then: nself db migrate reset --yes
    --- exit 2"
  `)
  expect(await type("db migrate reset --dry-run")).toMatchInlineSnapshot(`
    "$ nself db migrate reset --dry-run
    --- stdout
    DROP FUNCTION "f"();
    DROP VIEW "np_view";
    DROP TABLE IF EXISTS "app"."t";
    DROP TABLE IF EXISTS "np_users";
    DROP TYPE "mood";
    DROP EXTENSION "citext";
    DROP SCHEMA "app";

    -- stays, because no migration made it: schema other, table notes, table other.kept
    --- exit 0"
  `)
  expect(await ask("select count(*)::int as n from np_users")).toEqual([{ n: 1 }])
  expect(await type("db migrate reset --yes")).toMatchInlineSnapshot(`
    "$ nself db migrate reset --yes
    --- stdout
    Dropped 7 objects that the migrations made.
    Kept what no migration made: schema other, table notes, table other.kept.
    Applying 0001_initial.sql ... done (42ms)
    Applying 0002_view.sql ... done (42ms)
    Applied 2 migrations. Database is now at version 0002.
    --- exit 0"
  `)
  expect(await ask("select (select count(*)::int from np_users) as users, (select count(*)::int from other.kept) as kept, (select count(*)::int from np_migrations) as rows")).toEqual([{ users: 0, kept: 1, rows: 2 }])
  expect(await type("db migrate status")).toContain("Database is up to date.")
  expect((await run("db migrate verify-checksums")).exit).toBe(0)
  expect((await run("db migrate diff")).stdout).toContain("Schema: other")
}, 120_000)

test("something that no migration made and that stands on what would go is named, and nothing is dropped", async () => {
  const { type, run, sql, ask } = await story()
  await run("db migrate up")
  await sql("create table app.hand (id int); create table notes (id int, user_id int references np_users); create view mine as select mail from np_users")
  expect(await type("db migrate reset --yes")).toMatchInlineSnapshot(`
    "$ nself db migrate reset --yes
    --- stderr
    error: something that no migration made stands on what would be dropped; nothing was changed:
      constraint notes.notes_user_id_fkey needs column np_users.id
      constraint notes.notes_user_id_fkey needs constraint np_users.np_users_pkey
      table app.hand needs schema app
      view mine needs column np_users.mail
      view mine needs extension citext

    hint: drop or move these by hand first, or write a migration that makes them: nself db migrate generate --from-db --name <name>
    --- exit 3"
  `)
  expect(await ask("select count(*)::int as n from np_migrations")).toEqual([{ n: 2 }])
}, 60_000)

test("drops and ledger are one transaction: where one drop is refused, the rows stay; a file that does not run stops all before", async () => {
  const { dir, run, sql, ask } = await story()
  await run("db migrate up")
  await sql("create schema elsewhere; create table elsewhere.mails (mail citext)")
  const refused = await run("db migrate reset --yes")
  expect([refused.exit, refused.stderr]).toEqual([expect.any(Number), expect.stringContaining("mails")])
  expect(refused.exit).not.toBe(0)
  expect(await ask("select count(*)::int as n, to_regclass('np_users') is not null as there from np_migrations")).toEqual([{ n: 2, there: true }])
  await sql("drop schema elsewhere cascade")
  await run("db migrate generate --custom --name broken")
  await Bun.write(join(dir, "migrations/0003_broken.sql"), "select nonsense;\n")
  expect((await run("db migrate reset --yes")).stderr).toContain("0003_broken.sql")
  expect(await ask("select count(*)::int as n, to_regclass('np_users') is not null as there from np_migrations")).toEqual([{ n: 2, there: true }])
}, 60_000)

test("on a terminal the database's name is asked for, and only that name will do", async () => {
  const { dir, url, run, ask } = await story()
  await run("db migrate up")
  const name = url.split("/").at(-1)!
  const answer = (typed: string) => reset(contextAt(dir, { DATABASE_URL: url }, async (question, choices) => {
    expect([question.includes(name), choices]).toEqual([true, []])
    return typed
  }), { env: null, url: null, shadowUrl: null, yes: false, dryRun: false }, () => {})
  await ask("insert into np_users (mail) values ('a')")
  for (const typed of ["", "yes", `${name}x`]) await expect(answer(typed)).rejects.toMatchObject({ exit: "refused" })
  expect(await ask("select count(*)::int as n from np_users")).toEqual([{ n: 1 }])
  expect((await answer(name)).steps?.failure).toBe(null)
  expect(await ask("select count(*)::int as n from np_users")).toEqual([{ n: 0 }])
}, 60_000)

test("staging and prod are refused, by name and by mark; in the embedded database it works", async () => {
  const { dir, run, url } = await story()
  for (const env of ["staging", "prod"]) expect((await run(`db migrate reset --env ${env} --yes`)).exit).toBe(3)
  await run("db migrate up")
  await run(`db mark --env staging --database ${url.split("/").at(-1)}`)
  expect((await run("db migrate reset --yes")).exit).toBe(3)
  await runNself(dir, "db migrate up")
  expect(await nself(dir, "db migrate reset --yes")).toMatchInlineSnapshot(`
    "$ nself db migrate reset --yes
    --- stdout
    Dropped 7 objects that the migrations made.
    Applying 0001_initial.sql ... done (42ms)
    Applying 0002_view.sql ... done (42ms)
    Applied 2 migrations. Database is now at version 0002.
    --- stderr
    Using the embedded PostgreSQL in .nself/ (no database is configured; DATABASE_URL would name one)
    --- exit 0"
  `)
}, 120_000)
