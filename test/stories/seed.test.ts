import { afterAll, afterEach, beforeAll, expect, test } from "bun:test"
import { symlink } from "node:fs/promises"
import { join } from "node:path"
import { ask, eventually } from "../support/migrating.ts"
import { nself, project, runNself } from "../support/nself.ts"
import { startServer, type TestServer } from "../support/server.ts"

let server: TestServer
const removes: (() => Promise<void>)[] = []
beforeAll(async () => void (server = await startServer(18)), 60_000)
afterEach(async () => void (await Promise.all(removes.splice(0).map(remove => remove()))))
afterAll(async () => void (await Promise.all(removes.map(remove => remove()))))

const ROLES = "CREATE TABLE np_roles (id text PRIMARY KEY, name text NOT NULL, permissions text[] NOT NULL DEFAULT '{}');"
const DB = `
import { drizzle } from 'drizzle-orm/node-postgres'
import { Pool } from 'pg'
import * as schema from './schema'
const pool = new Pool({
  host: process.env.POSTGRES_HOST, port: Number(process.env.POSTGRES_PORT), database: process.env.POSTGRES_DB,
  user: process.env.POSTGRES_USER, password: process.env.POSTGRES_PASSWORD, ssl: process.env.NODE_ENV === 'production',
})
export const db = drizzle(pool, { schema })`
const SCHEMA = `
import { pgTable, text } from 'drizzle-orm/pg-core'
export const npRoles = pgTable('np_roles', {
  id: text('id').primaryKey(), name: text('name').notNull(), permissions: text('permissions').array().notNull().default([]),
})`
/** The spec's own seed, word for word. */
const SEED = `// seeds/001_roles.ts — TypeScript seed file
import { db } from '../src/db'
import { npRoles } from '../src/db/schema'

async function seed() {
  await db.insert(npRoles).values([
    { id: 'admin', name: 'Administrator', permissions: ['*'] },
    { id: 'user', name: 'User', permissions: ['read', 'write'] },
    { id: 'viewer', name: 'Viewer', permissions: ['read'] },
  ]).onConflictDoNothing()
  console.log('Seeded roles.')
}
seed().catch(console.error).finally(() => process.exit())
`
const FILES = { "src/db/index.ts": DB, "src/db/schema/index.ts": SCHEMA, "seeds/001_roles.ts": SEED }

type Files = Readonly<Record<string, string>>

async function story(files: Files, sql = ROLES) {
  const { dir, remove } = await project(files)
  removes.push(remove)
  const url = await server.database()
  await ask(url, sql)
  const env = { DATABASE_URL: url }
  return {
    dir, url,
    type: (args: string, more: Files = {}) => nself(dir, args, { env: { ...env, ...more } }),
    run: (args: string, more: Files = {}) => runNself(dir, args, { env: { ...env, ...more } }),
    rows: <R>(query: string) => ask<R>(url, query),
  }
}

test("the spec's seed runs as written, and again with the same rows", async () => {
  const { type, rows } = await story(FILES)
  expect(await type("db seed")).toMatchInlineSnapshot(`
    "$ nself db seed
    --- stdout
    Seeding seeds/001_roles.ts ...
      Seeded roles.
      done (42ms)
    Ran 1 seed.
    --- exit 0"
  `)
  expect(await type("db seed --file seeds/001_roles.ts")).toContain("Ran 1 seed.\n--- exit 0")
  expect(await rows("select id, name, permissions from np_roles order by id")).toEqual([
    { id: "admin", name: "Administrator", permissions: ["*"] }, { id: "user", name: "User", permissions: ["read", "write"] }, { id: "viewer", name: "Viewer", permissions: ["read"] },
  ])
  expect(await rows("select file, runs, environment, length(checksum) as sum from np_seeds")).toEqual([{ file: "seeds/001_roles.ts", runs: 2, environment: "dev", sum: 64 }])
})

test("the spec's seed runs on the embedded database, over a loopback socket", async () => {
  const { dir, remove } = await project({ ...FILES, "seeds/000_tables.sql": ROLES.replace("TABLE", "TABLE IF NOT EXISTS"), "seeds/002_count.ts": `
    import { sql } from 'drizzle-orm'
    import { db } from '../src/db'
    const found = await Promise.all(Array.from({ length: 12 }, (_, i) => db.execute(sql\`select \${i}::int as i, count(*)::int as n from np_roles\`)))
    console.log(found.map(one => one.rows[0].i + ':' + one.rows[0].n).join(' '))
    process.exit()` })
  removes.push(remove)
  expect(await nself(dir, "db seed")).toMatchInlineSnapshot(`
    "$ nself db seed
    --- stdout
    Seeding seeds/000_tables.sql ... done (42ms)
    Seeding seeds/001_roles.ts ...
      Seeded roles.
      done (42ms)
    Seeding seeds/002_count.ts ...
      0:3 1:3 2:3 3:3 4:3 5:3 6:3 7:3 8:3 9:3 10:3 11:3
      done (42ms)
    Ran 3 seeds.
    --- stderr
    Using the embedded PostgreSQL in .nself/ (no database is configured; DATABASE_URL would name one)
    --- exit 0"
  `)
})

test("a seed that exports its function is called, and ends when that is done", async () => {
  const { type } = await story({ ...FILES, "seeds/001_roles.ts": SEED.replace(/seed\(\)\.catch.*\n/, "").replace("async function", "export default async function") })
  expect(await type("db seed")).toContain("  Seeded roles.\n  done (42ms)\nRan 1 seed.\n--- exit 0")
})

test("a project's own drizzle-orm and pg are the ones that run, and its tsconfig paths hold", async () => {
  const { dir, type } = await story({
    ...FILES, "tsconfig.json": `{ "compilerOptions": { "paths": { "@/*": ["./src/*"] } } }`, "node_modules/README": "installed by the application",
    "seeds/001_roles.ts": `import { npmVersion } from 'drizzle-orm/version'\nconsole.log('own', npmVersion)\n${SEED.replace("'../src/db'", "'@/db'")}`,
  })
  for (const name of ["drizzle-orm", "pg"]) await symlink(join(import.meta.dir, "../../node_modules", name), join(dir, "node_modules", name))
  expect(await type("db seed")).toMatch(/ {2}own 0\.\d+\.\d+\n {2}Seeded roles\.\n {2}done/)
})

test.each<[string, string, string, string]>([
  ["exit code", "seeds/005_bad.ts", "process.exit(3)", "seeds/005_bad.ts: the seed ended with exit code 3"],
  ["unhandled rejection", "seeds/005_bad.ts", "Promise.reject(new Error('nobody caught me'))\nsetTimeout(() => {}, 60_000)", "seeds/005_bad.ts:1:20: Error: nobody caught me"],
  ["SQL error in SQL", "seeds/005_bad.sql", "insert into np_roles values ('a', 'A');\ninsert into np_roles values ('b', null);", "seeds/005_bad.sql:2:1: null value in column \"name\""],
  ["the spec's form, which exits 0", "seeds/005_bad.ts", SEED.replace("'Administrator'", "null as never"), "null value in column \"name\" of relation \"np_roles\" violates not-null constraint"],
  ["a throw while it is imported", "seeds/005_bad.ts", "\nimport { nothing } from './nowhere'\nnothing()", "seeds/005_bad.ts:2: cannot find `./nowhere`"],
  ["killed", "seeds/005_bad.ts", "process.kill(process.pid, 'SIGKILL')\nsetTimeout(() => {}, 60_000)", "seeds/005_bad.ts: the seed was ended by SIGKILL"],
])("a seed that fails by its %s stops the run, is named, and something else than 0 comes out", async (_, path, text, message) => {
  const { run, rows } = await story({ ...FILES, [path]: text, "seeds/006_after.sql": "insert into np_roles values ('after', 'After');" })
  const { stdout, stderr, exit } = await run("db seed")
  expect(exit).toBe(1)
  expect(stderr).toContain(message)
  expect(stderr).toContain("correct seeds/005_bad")
  expect(stdout).toContain("failed")
  expect(stdout).not.toContain("006_after")
  expect(await rows("select id from np_roles where id in ('a', 'after')")).toEqual([])
  expect(await rows("select file from np_seeds")).toEqual([{ file: "seeds/001_roles.ts" }])
})

test.each<[string, string]>([
  ["003_slow.ts", "console.log('began')\nsetTimeout(() => {}, 60_000)"], ["003_slow.sql", "insert into np_roles values ('slow', 'Slow'); select pg_sleep(60);"],
])("Ctrl-C ends %s, keeps what was done before and begins nothing more", async (name, text) => {
  const { dir, url, rows } = await story({ "seeds/001_first.sql": "insert into np_roles values ('first', 'First');", [`seeds/${name}`]: text, "seeds/004_after.sql": "insert into np_roles values ('after', 'After');" })
  const child = Bun.spawn([process.execPath, "--no-env-file", join(import.meta.dir, "../../src/main.ts"), "db", "seed"], { cwd: dir, stdin: "ignore", stdout: "pipe", stderr: "pipe", env: { PATH: process.env["PATH"]!, HOME: dir, DATABASE_URL: url } })
  let said = ""
  const reader = child.stdout.getReader()
  for (const decoder = new TextDecoder(); !said.includes(name.endsWith("ts") ? "began" : "003_slow");) said += decoder.decode((await reader.read()).value)
  if (name.endsWith("sql")) await eventually(async () => (await ask(url, "select from pg_stat_activity where query like '%pg_sleep(60)%' and datname = current_database() and pid <> pg_backend_pid()")).length > 0)
  child.kill("SIGINT")
  expect(await child.exited).toBe(130)
  expect(await rows("select id from np_roles")).toEqual([{ id: "first" }])
})

test("what PostgreSQL said about a TypeScript seed comes with its SQLSTATE, as text and as JSON", async () => {
  const { run } = await story({ ...FILES, "seeds/001_roles.ts": SEED.replace(".onConflictDoNothing()", "").replace("'viewer'", "'user'") })
  const { stdout, stderr, exit } = await run("db seed --json")
  expect(JSON.parse(stdout)).toMatchObject({ command: "db seed", data: { seeds: [{ path: "seeds/001_roles.ts", state: "failed" }] }, error: { code: "23505", class: "failed", exit_code: 1 } })
  expect(stderr).toContain("duplicate key value violates unique constraint \"np_roles_pkey\"\ndetail: Key (id)=(user) already exists.\nSQLSTATE 23505")
  expect(exit).toBe(1)
})

const NUMBERED = Object.fromEntries(["000_base", "001_roles", "002_plans", "004_demo", "005_people", "more"].map(name => [`seeds/${name}.sql`, `insert into np_roles values ('${name}', '${name}') on conflict do nothing;`]))

test.each<[string, string, string[]]>([
  ["prod", "--env prod", ["000_base", "001_roles"]],
  ["staging", "--env staging", ["000_base", "001_roles", "002_plans", "004_demo"]],
  ["dev", "", ["000_base", "001_roles", "002_plans", "004_demo", "005_people", "more"]],
  ["prod with --all", "--env prod --all", ["000_base", "001_roles", "002_plans", "004_demo", "005_people", "more"]],
])("nself's numbering decides what runs in %s", async (_, args, expected) => {
  const { run, rows } = await story(NUMBERED)
  expect(await run(`db seed ${args}`)).toMatchObject({ exit: 0 })
  expect((await rows<{ id: string }>("select id from np_roles order by id")).map(row => row.id)).toEqual(expected)
})

test("prod: what is left out is named, a named file is refused without --all, and prod must be typed", async () => {
  const { type } = await story(NUMBERED)
  expect(await type("db seed --env prod")).toMatchInlineSnapshot(`
    "$ nself db seed --env prod
    --- stdout
    Seeding seeds/000_base.sql ... done (42ms)
    Seeding seeds/001_roles.sql ... done (42ms)
    Ran 2 seeds.
    Not for prod: seeds/002_plans.sql, seeds/004_demo.sql, seeds/005_people.sql, seeds/more.sql (--all runs them too).
    --- exit 0"
  `)
  expect(await type("db seed --env prod --file 005_people.sql")).toMatchInlineSnapshot(`
    "$ nself db seed --env prod --file 005_people.sql
    --- stderr
    error: seeds/005_people.sql is not for prod: prod gets seeds 000 and 001

    hint: nself db seed --file seeds/005_people.sql --env prod --all
    --- exit 3"
  `)
  expect(await type("db seed", { NSELF_ENV: "prod" })).toContain("nself db seed --env prod\n--- exit 3")
})

test("SQL seeds, Hasura's too, run in one order; ON CONFLICT leaves the same rows; --once skips, an altered one runs again", async () => {
  const { type, rows, dir } = await story({
    "seeds/002_b.sql": "insert into np_roles values ('b', 'B') on conflict do nothing;", "hasura/seeds/default/001_a.sql": "insert into np_roles values ('a', 'A') on conflict do nothing;",
    "seeds/README.md": "no seed",
  })
  expect(await type("db seed")).toMatchInlineSnapshot(`
    "$ nself db seed
    --- stdout
    Seeding hasura/seeds/default/001_a.sql ... done (42ms)
    Seeding seeds/002_b.sql ... done (42ms)
    Ran 2 seeds.
    --- exit 0"
  `)
  expect(await type("db seed")).toContain("Ran 2 seeds.\n--- exit 0")
  await Bun.write(join(dir, "seeds/002_b.sql"), "insert into np_roles values ('b', 'B'), ('c', 'C') on conflict do nothing;")
  expect(await type("db seed --once")).toMatchInlineSnapshot(`
    "$ nself db seed --once
    --- stdout
    Seeding seeds/002_b.sql ... done (42ms)
    Ran 1 seed.
    1 seed ran here before and was skipped.
    --- exit 0"
  `)
  expect(await rows("select id from np_roles order by id")).toEqual([{ id: "a" }, { id: "b" }, { id: "c" }])
})

test("a seed that is not repeatable is said on the second run, whether PostgreSQL refuses it or not", async () => {
  const { type, run } = await story({ "seeds/001_log.sql": "insert into np_log (word) values ('x'), ('y');" }, "create table np_log (id serial primary key, word text)")
  expect(await type("db seed")).not.toContain("repeatable")
  expect(await type("db seed")).toMatchInlineSnapshot(`
    "$ nself db seed
    --- stdout
    Seeding seeds/001_log.sql ... done (42ms)
    Ran 1 seed.
    warning: seeds/001_log.sql is not repeatable: np_log has 2 rows more than before. Write its INSERTs with ON CONFLICT, or use --once.
    --- exit 0"
  `)
  const keyed = await story({ "seeds/001_keyed.sql": "insert into np_roles values ('k', 'K');" })
  await keyed.run("db seed")
  expect(await keyed.type("db seed")).toMatchInlineSnapshot(`
    "$ nself db seed
    --- stdout
    Seeding seeds/001_keyed.sql ... failed
    Ran 0 seeds.
    --- stderr
    error: seeds/001_keyed.sql:1:1: duplicate key value violates unique constraint "np_roles_pkey"
    1 | insert into np_roles values ('k', 'K');
      | ^
    detail: Key (id)=(k) already exists.
    SQLSTATE 23505. Nothing of this file is in the database.
    seeds/001_keyed.sql ran here before (2026-05-01 10:00:00) and is not repeatable.

    hint: write its INSERTs with ON CONFLICT, or skip what ran before: nself db seed --once
    --- exit 1"
  `)
  expect((await run("db seed --once")).exit).toBe(0)
})

test("an SQL seed is one transaction, its own BEGIN and COMMIT around everything included; what cannot be is refused by line before anything runs", async () => {
  const { type, run, rows, dir } = await story({ "seeds/001_a.sql": "begin;\ninsert into np_roles values ('a', 'A') on conflict do nothing;\ncommit;\n" })
  expect(await run("db seed")).toMatchObject({ exit: 0 })
  await Bun.write(join(dir, "seeds/002_b.sql"), "insert into np_roles values ('b', 'B');\ncommit;\nselect 1;\n")
  expect(await type("db seed")).toMatchInlineSnapshot(`
    "$ nself db seed
    --- stderr
    error: seeds/002_b.sql:2: a seed must not begin or end a transaction itself; nself runs it in one
    2 | commit;
      | ^

    hint: take BEGIN, COMMIT and ROLLBACK out of seeds/002_b.sql
    --- exit 3"
  `)
  await Bun.write(join(dir, "seeds/002_b.sql"), "insert into np_roles values ('b', 'B');\n\\connect other\n")
  expect(await type("db seed")).toContain("seeds/002_b.sql:2: only psql knows \\connect")
  await Bun.write(join(dir, "seeds/002_b.sql"), "insert into np_roles values ('b', 'B');\nvacuum np_roles;\n")
  expect(await type("db seed")).toContain("seeds/002_b.sql:2: this cannot run in a transaction")
  expect(await rows("select id from np_roles")).toEqual([{ id: "a" }])
})

test("a seed is looked for inside of the project alone, and what is none is said", async () => {
  const { type, dir } = await story({ "seeds/001_roles.sql": "select 1;", "seeds/notes.md": "x" })
  await symlink("/etc/hostname", join(dir, "seeds/002_x.sql"))
  expect(await type("db seed --file 002_x.sql")).toContain("seeds/002_x.sql is a link to a file outside the project")
  expect(await type("db seed --file /etc/hostname")).toContain("lies outside of the project")
  expect(await type("db seed --file seeds/notes.md")).toContain("seeds/notes.md is no seed")
  expect(await type("db seed --file 001_rolls.sql")).toContain("hint: --file 001_roles.sql\n--- exit 2")
  expect(await type("db seed --database-name ../..")).toContain("not a database name")
  const empty = await story({ "drizzle.config.json": "{}" })
  expect(await empty.type("db seed")).toContain("there is no seed in seeds/, seeds/default/, hasura/seeds/default/")
})

test("a database that is marked as another environment gets no seed", async () => {
  const { run, type } = await story({ "seeds/001_a.sql": "select 1;", "migrations/0001_a.sql": "create table a (b int);\n" })
  expect(await run("db migrate up --env prod")).toMatchObject({ exit: 0 })
  expect(await type("db seed")).toContain("this database is marked prod")
})
