import { afterEach, beforeAll, expect, test } from "bun:test"
import { ask } from "../support/migrating.ts"
import { nself, project, runNself } from "../support/nself.ts"
import { startServer, type TestServer } from "../support/server.ts"

let server: TestServer
const removes: (() => Promise<void>)[] = []
beforeAll(async () => void (server = await startServer(18)), 60_000)
afterEach(async () => void (await Promise.all(removes.splice(0).map(remove => remove()))))

const at = (url: string) => ({ env: { DATABASE_URL: url } })

const FILES = {
  "drizzle.config.ts": `export default { dialect: "postgresql", schema: "./schema.ts", out: "./migrations" }\n`,
  "migrations/0001_roles.sql": "create table roles (id text primary key, name text not null);\ninsert into roles values ('admin', 'It''s the boss'), ('user', 'User');\n",
  "migrations/0002_users.sql": "create table users (id int generated always as identity primary key, role text references roles (id), tags text[] default '{}');\ninsert into users (role) values ('admin'), ('user');\n",
  "migrations/0003_no_tags.sql": "alter table users drop column tags;\ncreate index users_role on users (role);\n",
  "migrations/0004_notes.sql": "create table notes (id serial primary key, body text);\n",
}

test("squash: one file makes the same, rows included; a database that has all takes it as applied, one in the middle is told", async () => {
  const { dir, remove } = await project(FILES)
  removes.push(remove)
  const [whole, middle, fresh] = [await server.database(), await server.database(), await server.database()]
  await runNself(dir, "db migrate up", at(whole))
  await runNself(dir, "db migrate up --to 0002", at(middle))
  expect(await nself(dir, "db migrate squash --to 0003 --dry-run")).toContain("Would squash 3 migrations")
  expect(await nself(dir, "db migrate squash --to 0003")).toMatchInlineSnapshot(`
    "$ nself db migrate squash --to 0003
    --- stdout
    Squashed 3 migrations (0001_roles to 0003_no_tags) into migrations/0003_squashed.sql
    The rows that they wrote are in it (3 statements).
    Shown on embedded PostgreSQL 18.6: it makes the same.

    Removed 3 files; git has them.
    A database that has all of them takes it as applied. One that has only some: nself db migrate up --to 0003 with a checkout from before.
    --- exit 0"
  `)
  expect((await Bun.file(`${dir}/migrations/0003_squashed.sql`).text()).replace(/[0-9a-f]{64}/g, "…")).toMatchInlineSnapshot(`
    "-- migrations/0003_squashed.sql
    -- Made by nself db migrate squash out of 3 migrations.
    -- Proved on embedded PostgreSQL 18.6: it makes the same, rows included.
    -- nself:squashes 0001_roles …
    -- nself:squashes 0002_users …
    -- nself:squashes 0003_no_tags …

    CREATE TABLE "roles" (
      "id" text PRIMARY KEY NOT NULL,
      "name" text NOT NULL
    );

    CREATE TABLE "users" (
      "id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY NOT NULL,
      "role" text,
      CONSTRAINT "users_role_fkey" FOREIGN KEY ("role") REFERENCES "roles"("id")
    );

    CREATE INDEX "users_role" ON "users" ("role");

    INSERT INTO "roles" ("id", "name") VALUES
      ('admin', 'It''s the boss'),
      ('user', 'User');

    INSERT INTO "users" ("id", "role") OVERRIDING SYSTEM VALUE VALUES
      ('1', 'admin'),
      ('2', 'user');

    SELECT setval('users_id_seq', 2);
    "
  `)
  expect([...new Bun.Glob("*.sql").scanSync(`${dir}/migrations`)].toSorted()).toEqual(["0003_squashed.sql", "0004_notes.sql"])

  expect(await nself(dir, "db migrate up", at(whole))).toContain("Nothing to do. Database is at version 0004.")
  expect(await nself(dir, "db migrate status", at(whole))).toMatchInlineSnapshot(`
    "$ nself db migrate status
    --- stdout
    Migration status for env: dev

    Applied:
      [x] 0003_squashed  2026-05-01 10:00:00
      [x] 0004_notes     2026-05-01 10:00:00

    Pending:
      (none)

    Database is up to date.
    --- exit 0"
  `)
  expect(await nself(dir, "db migrate verify-checksums", at(whole))).toContain("All checksums match.")
  expect(await nself(dir, "db migrate up", at(middle))).toMatchInlineSnapshot(`
    "$ nself db migrate up
    --- stderr
    error: the database is at 0002_users, and 0003_squashed.sql stands for 0001_roles to 0003_no_tags in one

    hint: apply 0003_no_tags first, with a checkout from before the squash (git log -- migrations/0003_squashed.sql); then type the same command again
    --- exit 3"
  `)
  expect(await nself(dir, "db migrate up", at(fresh))).toContain("Applied 2 migrations.")
  for (const sql of ["select * from roles order by id", "select id, role from users order by id"]) expect(await ask(fresh, sql)).toEqual(await ask(whole, sql))
  const next = "insert into users (role) values ('user') returning id"
  expect(await ask(fresh, next)).toEqual(await ask(whole, next))
  expect(await nself(dir, "db migrate down --to 0001", at(whole))).toContain("version 0001 is not applied")
}, 120_000)

test("baseline: an existing database becomes the first migration and has it; another one that is the same is marked; one that is not is refused", async () => {
  const { "drizzle.config.ts": config } = FILES
  const { dir, remove } = await project({ "drizzle.config.ts": config })
  removes.push(remove)
  const [first, second, third] = [await server.database(), await server.database(), await server.database()]
  const sql = "create type mood as enum ('good', 'bad'); create table people (id int primary key, mood mood default 'good', check (id > 0)); create view happy as select id from people where mood = 'good'; alter table people enable row level security; create policy mine on people to app_reader using (id = 1)"
  await ask(first, `do $$ begin if not exists (select from pg_roles where rolname = 'app_reader') then create role app_reader; end if; end $$; ${sql}`)
  await ask(second, sql)
  await ask(third, `${sql}; alter table people add column extra text`)
  expect(await nself(dir, "db migrate baseline", at(first))).toMatchInlineSnapshot(`
    "$ nself db migrate baseline
    --- stdout
    Made:
      migrations/0001_baseline.sql
      migrations/meta/0001_snapshot.json
      migrations/meta/_journal.json

    Marked as applied in postgres@127.0.0.1:5432/app: 0001_baseline
    Shown on embedded PostgreSQL 18.6: the database is what it makes.
    --- exit 0"
  `)
  expect(await nself(dir, "db migrate up", at(first))).toContain("Nothing to do. Database is at version 0001.")
  expect(await nself(dir, "db migrate baseline", at(second))).toContain("Marked as applied in")
  expect(await nself(dir, "db migrate up", at(second))).toContain("Nothing to do. Database is at version 0001.")
  expect(await nself(dir, "db migrate baseline", at(third))).toMatchInlineSnapshot(`
    "$ nself db migrate baseline
    --- stderr
    error: postgres@127.0.0.1:5432/app is not what 0001_baseline.sql and those before it make:
      extra column people.extra: text

    hint: let nself.ignore in drizzle.config.ts name what other tools own, or give --shadow-url a server like yours
    --- exit 5"
  `)
  const empty = await server.database()
  expect(await nself(dir, "db migrate up", at(empty))).toContain("Applied 1 migration.")
}, 120_000)
