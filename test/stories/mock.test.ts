import { afterAll, beforeAll, expect, test } from "bun:test"
import { join } from "node:path"
import { ask, eventually } from "../support/migrating.ts"
import { nself, project, runNself } from "../support/nself.ts"
import { startServer, type TestServer } from "../support/server.ts"

const MAIN = join(import.meta.dir, "../../src/main.ts")
const TABLES = "create table np_users (id uuid primary key, email text not null unique, name text); create table np_documents (id uuid primary key, user_id uuid not null references np_users, title text not null, body text)"

let server: TestServer
let dir: string
let remove: () => Promise<void>
beforeAll(async () => {
  server = await startServer(18)
  ;({ dir, remove } = await project({ "drizzle.config.json": "{}" }))
}, 60_000)
afterAll(() => remove())

async function database(): Promise<{ readonly url: string; readonly env: { readonly DATABASE_URL: string }; readonly count: (table: string) => Promise<number> }> {
  const url = await server.database()
  await ask(url, TABLES)
  return { url, env: { DATABASE_URL: url }, count: async table => (await ask<{ n: number }>(url, `select count(*)::int as n from ${table}`))[0]!.n }
}

/** On a terminal of its own, as `script` gives one; `typed` is what the person answers. */
async function onTerminal(args: string, env: Readonly<Record<string, string>>, typed = ""): Promise<string> {
  const child = Bun.spawn(["script", "-qec", `${process.execPath} --no-env-file ${MAIN} ${args}`, "/dev/null"], {
    cwd: dir, stdin: Buffer.from(typed), stdout: "pipe", stderr: "pipe", env: { PATH: process.env["PATH"]!, HOME: dir, TERM: "xterm", ...env },
  })
  return child.stdout.text()
}

test("the spec's lines, and what gives the same rows again", async () => {
  const { env } = await database()
  const said = (await nself(dir, "db mock --table np_users --count 100 --seed 42", { env })) + "\n" + (await nself(dir, "db mock --table np_documents --count 1000 --seed 42", { env }))
  expect(said).toMatchInlineSnapshot(`
    "$ nself db mock --table np_users --count 100 --seed 42
    --- stdout
    Filled np_users with 100 rows (42ms).
    Seed 42, mock format 1: --seed 42 gives the same rows again.
    --- exit 0
    $ nself db mock --table np_documents --count 1000 --seed 42
    --- stdout
    Filled np_documents with 1,000 rows (42ms).
    Seed 42, mock format 1: --seed 42 gives the same rows again.
    --- exit 0"
  `)
})

test("as JSON", async () => {
  const { env } = await database()
  const { stdout } = await runNself(dir, "db mock --table np_documents --count 20 --with-parents --seed s.1 --json", { env })
  expect(JSON.parse(stdout)).toEqual({
    schema_version: "1", command: "db mock",
    data: {
      env: "dev", database: expect.stringContaining("postgres@127.0.0.1"), seed: "s.1", format: 1,
      tables: [{ table: "np_users", rows: 6, why: "parent", durationMs: expect.any(Number) }, { table: "np_documents", rows: 20, why: "asked", durationMs: expect.any(Number) }],
    },
  })
})

test("on a terminal a bar shows rate and time left, and is gone at the end", async () => {
  const { env } = await database()
  const said = await onTerminal("db mock --table np_users --count 60000", env)
  expect(said).toMatch(/\r\u001b\[Knp_users {2}\[#*-+\] {2} *\d+% {2}[\d,]+\/60,000 {2}[\d,]+ rows\/s {2}\d+s left/)
  expect(said).toMatch(/\r\u001b\[KFilled np_users with 60,000 rows/)
})

test("--truncate asks on a terminal; a no leaves every row", async () => {
  const { env, count } = await database()
  await runNself(dir, "db mock --table np_users --count 30", { env })
  const no = await onTerminal("db mock --table np_users --count 5 --truncate", env, "1\n")
  expect(no).toContain("All rows of these tables will be deleted: np_users (30). Go on?")
  expect(no).toContain("nothing was changed")
  expect(await count("np_users")).toBe(30)
  expect(await runNself(dir, "db mock --table np_users --count 5 --truncate --yes", { env })).toMatchObject({ exit: 1, stderr: expect.stringContaining("cannot truncate a table referenced in a foreign key constraint") })
  expect(await onTerminal("db mock --table np_users --table np_documents --count 5 --truncate", env, "2\n")).toContain("Filled np_documents with 5 rows")
  expect(await count("np_users")).toBe(5)
})

test("Ctrl-C keeps no row", async () => {
  const { url, env, count } = await database()
  const child = Bun.spawn([process.execPath, "--no-env-file", MAIN, "db", "mock", "--table", "np_users", "--count", "3000000"], { cwd: dir, stdin: "ignore", stdout: "pipe", stderr: "pipe", env: { PATH: process.env["PATH"]!, HOME: dir, ...env } })
  await eventually(async () => (await ask(url, "select from pg_stat_activity where query ilike 'copy%np_users%' and datname = current_database()")).length > 0)
  child.kill("SIGINT")
  expect(await child.exited).toBe(130)
  expect(await count("np_users")).toBe(0)
})

test("a database that is marked prod is refused, whatever --env says", async () => {
  const { env, count, url } = await database()
  const { dir: other, remove: away } = await project({ "migrations/0001_a.sql": "create table a (b int);\n" })
  expect(await runNself(other, "db migrate up --env prod", { env })).toMatchObject({ exit: 0 })
  expect(await runNself(other, "db mock --table np_users --env dev", { env })).toMatchObject({ exit: 3, stderr: expect.stringContaining("this database is marked prod") })
  expect(await count("np_users")).toBe(0)
  await ask(url, "select 1")
  await away()
})

test("the embedded database gets its rows, too, those of extensions' types among them", async () => {
  const { dir: own, remove: away } = await project({ "seeds/001_tables.sql": `create extension vector; create extension citext; create extension hstore; create extension ltree;
    create table t (id serial primary key, embedding vector(5) not null, email citext not null unique, attributes hstore not null, path ltree not null, parent_id int references t)`,
    "seeds/002_check.sql": "do $$ begin assert (select count(*) = 300 and count(distinct email) = 300 and bool_and(vector_dims(embedding) = 5) from t); end $$" })
  expect(await runNself(own, "db seed --file 001_tables.sql")).toMatchObject({ exit: 0 })
  expect(await nself(own, "db mock --table t --count 300 --seed 1")).toContain("Filled t with 300 rows (42ms).")
  expect(await runNself(own, "db seed --file 002_check.sql")).toMatchObject({ exit: 0 })
  await away()
})
