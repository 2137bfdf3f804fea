import { afterAll, afterEach, beforeAll, expect, test } from "bun:test"
import { seed } from "../../src/flows/seed/seed.ts"
import { contextAt } from "../support/context.ts"
import { ask } from "../support/migrating.ts"
import { nself, project, runNself } from "../support/nself.ts"
import { startServer, type TestServer } from "../support/server.ts"

let server: TestServer
const removes: (() => Promise<void>)[] = []
beforeAll(async () => void (server = await startServer(16)), 60_000)
afterEach(async () => void (await Promise.all(removes.splice(0).map(remove => remove()))))

afterAll(async () => void (await Promise.all(removes.map(remove => remove()))))

const FILES = {
  "migrations/0001_a.sql": `CREATE SCHEMA app;
CREATE TABLE np_roles (id text PRIMARY KEY, no serial);
CREATE TABLE np_users (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, role text REFERENCES np_roles(id));
CREATE TABLE app.notes (id int, author int REFERENCES np_users(id));
CREATE TABLE np_events (id int, at date) PARTITION BY RANGE (at);
CREATE TABLE np_events_2026 PARTITION OF np_events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
`,
  "migrations/0001_a.down.sql": "DROP SCHEMA app CASCADE; DROP TABLE np_events, np_users, np_roles;\n",
  "seeds/001_roles.sql": "insert into np_roles (id) values ('admin'), ('user');\n",
  "seeds/002_users.sql": "insert into np_users (role) select id from np_roles order by id;\n",
}

async function story(files: Readonly<Record<string, string>> = {}) {
  const { dir, remove } = await project({ ...FILES, ...files })
  const url = await server.database()
  removes.push(remove)
  const env = { DATABASE_URL: url }
  const run = (args: string) => runNself(dir, args, { env })
  await run("db migrate up")
  return { dir, url, run, type: (args: string) => nself(dir, args, { env }), sql: <R>(text: string) => ask<R>(url, text), counts: async () => (await ask<{ all: string }>(url, COUNTS))[0]!.all }
}

const COUNTS = "select concat_ws(' ', (select count(*) from np_roles), (select count(*) from np_users), (select count(*) from app.notes), (select count(*) from np_events)) as all"
const FILLED = "insert into np_roles (id) values ('old'), ('user'); insert into np_users (role) values ('old'); insert into app.notes values (1, 1); insert into np_events values (1, '2026-05-01')"

test("seed --truncate leaves the seeds' rows alone in every table of the application, with sequences from one and the ledger as it was", async () => {
  const { type, sql, counts, run } = await story()
  await sql(`${FILLED}; create table by_hand (id int); insert into by_hand values (1)`)
  expect(await type("db seed --truncate")).toMatchInlineSnapshot(`
    "$ nself db seed --truncate
    --- stderr
    error: --truncate would delete all rows of app.notes (1), by_hand (1), np_events (1), np_roles (2), np_users (1) in postgres@127.0.0.1:5432/app, and nobody is there to say yes; nothing was changed

    hint: add --yes
    --- exit 2"
  `)
  expect(await counts()).toBe("2 1 1 1")
  expect(await type("db seed --truncate --yes")).toMatchInlineSnapshot(`
    "$ nself db seed --truncate --yes
    --- stdout
    Seeding seeds/001_roles.sql ... done (42ms)
    Seeding seeds/002_users.sql ... done (42ms)
    Emptied app.notes (1 row), by_hand (1 row), np_events (1 row), np_roles (2 rows), np_users (1 row).
    Ran 2 seeds.
    --- exit 0"
  `)
  expect(await counts()).toBe("2 2 0 0")
  expect(await sql("select id, no from np_roles order by no")).toEqual([{ id: "admin", no: 1 }, { id: "user", no: 2 }])
  expect(await sql("select id, role from np_users order by id")).toEqual([{ id: 1, role: "admin" }, { id: 2, role: "user" }])
  expect(await type("db migrate status")).toContain("Database is up to date.")
  expect((await run("db seed --truncate --yes")).stdout).not.toContain("repeatable") // a second run in emptied tables is a first one
  expect(JSON.parse((await run("db seed --truncate --yes --json")).stdout)).toMatchObject({ data: { emptied: [{ table: "np_roles", rows: 2 }, { table: "np_users", rows: 2 }] } })
}, 60_000)

test("with --file only the tables that this SQL seed writes into are emptied; others that refer to them are named, never emptied along", async () => {
  const { type, sql, counts } = await story({ "seeds/003_events.sql": "with gone as (select 1) insert into public.np_events select 7, '2026-02-01';\nCOPY app.notes (id) FROM stdin;\n5\n6\n\\.\n", "seeds/004_program.ts": "console.log('hello')" })
  await sql(FILLED)
  expect(await type("db seed --file 001_roles.sql --truncate --yes")).toMatchInlineSnapshot(`
    "$ nself db seed --file 001_roles.sql --truncate --yes
    --- stderr
    error: other tables refer to what would be emptied; nothing was changed:
      np_users refers to np_roles (np_users_role_fkey)

    hint: name the seeds of these tables too (--file), or empty all: nself db seed --truncate
    --- exit 3"
  `)
  expect(await type("db seed --file 004_program.ts --truncate --yes")).toMatchInlineSnapshot(`
    "$ nself db seed --file 004_program.ts --truncate --yes
    --- stderr
    error: seeds/004_program.ts is a program, so what it writes into is not known; nothing was changed

    hint: nself db seed --truncate empties every table and runs every seed
    --- exit 2"
  `)
  expect(await counts()).toBe("2 1 1 1")
  expect(await type("db seed --file 003_events.sql --truncate --yes")).toMatchInlineSnapshot(`
    "$ nself db seed --file 003_events.sql --truncate --yes
    --- stdout
    Seeding seeds/003_events.sql ... done (42ms)
    Emptied app.notes (1 row), np_events (1 row).
    Ran 1 seed.
    --- exit 0"
  `)
  expect(await sql("select id from np_events union all select id from app.notes order by 1")).toEqual([{ id: 5 }, { id: 6 }, { id: 7 }])
  expect(await type("db seed --file 001_roles.sql --file 002_users.sql --truncate --yes")).toContain("app.notes refers to np_users (notes_author_fkey)")
}, 60_000)

test("a table that no migration made and that refers to one of the application's is named, and nothing is emptied", async () => {
  const { type, sql, counts } = await story()
  await sql(`${FILLED}; create schema other; create table other.likes (who int references np_users)`)
  expect(await type("db seed --truncate --yes")).toMatchInlineSnapshot(`
    "$ nself db seed --truncate --yes
    --- stderr
    error: other tables refer to what would be emptied; nothing was changed:
      other.likes refers to np_users (likes_who_fkey)

    hint: no migration made these tables: drop the foreign keys, or let a migration make their schema
    --- exit 3"
  `)
  expect(await counts()).toBe("2 1 1 1")
}, 60_000)

test("tables are emptied with the first seed or not at all; what cannot run is refused before anybody is asked; an ignored table keeps its rows", async () => {
  const { type, sql, counts, dir } = await story({ "seeds/001_roles.sql": "insert into np_roles (id) values ('a'), ('a');\n", "drizzle.config.json": `{ "dialect": "postgresql", "nself": { "ignore": ["np_events"] } }` })
  await sql(FILLED)
  expect(await type("db seed --truncate --yes")).toContain("Key (id)=(a) already exists.")
  expect(await counts()).toBe("2 1 1 1")
  await Bun.write(`${dir}/seeds/003_late.sql`, "vacuum np_roles;\n")
  expect(await type("db seed --truncate")).toContain("seeds/003_late.sql:1: this cannot run in a transaction")
  await Bun.write(`${dir}/seeds/003_late.sql`, "select 1;\n")
  await Bun.write(`${dir}/seeds/001_roles.sql`, FILES["seeds/001_roles.sql"])
  expect((await type("db seed --truncate --once --yes")).endsWith("--- exit 2")).toBe(true)
  expect(await type("db seed --truncate --yes")).toContain("Ran 3 seeds.")
  expect(await counts()).toBe("2 2 0 1")
}, 60_000)

test("on a terminal the database's name is typed, and only that name will do", async () => {
  const { dir, url, sql, counts } = await story()
  await sql(FILLED)
  const name = url.split("/").at(-1)!
  const request = { env: null, url: null, files: [], all: false, once: false, truncate: true, yes: false, databaseName: "default", tenant: null }
  const answer = (typed: string) => seed(contextAt(dir, { DATABASE_URL: url }, async question => (expect(question).toContain("np_roles (2)"), typed)), request, () => {})
  for (const typed of ["", "yes", `${name}x`]) await expect(answer(typed)).rejects.toMatchObject({ exit: "refused" })
  expect(await counts()).toBe("2 1 1 1")
  expect((await answer(name)).failure).toBe(null)
  expect(await counts()).toBe("2 2 0 0")
}, 60_000)

test("outside of dev it is refused: by the environment's name, and by the mark in the database whatever --env says", async () => {
  const { run, url, sql, counts } = await story()
  await sql(FILLED)
  for (const env of ["staging", "prod"]) expect(await run(`db seed --truncate --yes --env ${env}`)).toMatchObject({ exit: 3, stderr: expect.stringContaining("is for dev only") })
  await run(`db mark --env prod --database ${url.split("/").at(-1)}`)
  for (const args of ["", " --env dev", " --env test", " --file 001_roles.sql"]) expect(await run(`db seed --truncate --yes${args}`)).toMatchObject({ exit: 3, stderr: expect.stringContaining("this database is marked prod") })
  expect(await counts()).toBe("2 1 1 1")
}, 60_000)

test("at each tenant its own tables alone are emptied, and all of it wants --yes", async () => {
  const { run, sql } = await story({ "migrations/0001_a.sql": "CREATE TABLE np_roles (id text PRIMARY KEY);\n", "migrations/0001_a.down.sql": "DROP TABLE np_roles;\n", "seeds/002_users.sql": "select 1;\n" })
  for (const slug of ["acme", "globex"]) expect(await run(`db tenant create ${slug}`)).toMatchObject({ exit: 0 })
  await sql("insert into np_roles values ('home'); insert into tenant_acme.np_roles values ('old'); insert into tenant_globex.np_roles values ('old')")
  expect(await run("db seed --truncate --all-tenants")).toMatchObject({ exit: 2 })
  expect(await run("db seed --truncate --tenant acme --yes")).toMatchObject({ exit: 0 })
  expect(await sql("select concat((select string_agg(id, ' ' order by id) from tenant_acme.np_roles), ', ', (select string_agg(id, ' ') from tenant_globex.np_roles), ', ', (select string_agg(id, ' ') from np_roles)) as all")).toEqual([{ all: "admin user, old, home" }])
  expect(await run("db seed --truncate --all-tenants --yes")).toMatchObject({ exit: 0 })
  expect(await sql("select string_agg(id, ' ' order by id) as all from tenant_globex.np_roles")).toEqual([{ all: "admin user" }])
}, 60_000)

test("a program as the first seed finds the tables empty, in the embedded database too", async () => {
  const { dir, remove } = await project({ ...FILES, "seeds/002_users.sql": "select 1;\n", "seeds/001_roles.sql": "select 1;\n", "seeds/000_first.ts": "import { Client } from 'pg'\nconst c = new Client(process.env.DATABASE_URL)\nawait c.connect()\nconst { rows } = await c.query('select count(*)::int as n from np_roles')\nconsole.log('found', rows[0].n)\nawait c.query(\"insert into np_roles (id) values ('x')\")\nawait c.end()\n" })
  removes.push(remove)
  await runNself(dir, "db migrate up")
  expect((await runNself(dir, "db seed")).stdout).toContain("found 0")
  expect((await runNself(dir, "db seed --truncate --yes")).stdout).toMatch(/found 0[\s\S]*Emptied np_roles \(1 row\)\.\nRan 3 seeds\./)
}, 60_000)
