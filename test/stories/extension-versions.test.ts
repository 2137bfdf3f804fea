/** Another version of an extension: drift where a migration or a second database names it, a note where only the server has gone on. */
import { afterAll, beforeAll, expect, test } from "bun:test"
import { nself, project, runNself } from "../support/nself.ts"
import { admin, startServer, type TestServer } from "../support/server.ts"

let server: TestServer
const removes: (() => Promise<void>)[] = []
beforeAll(async () => void (server = await startServer(16)), 60_000)
afterAll(async () => void (await Promise.all(removes.map(remove => remove()))))

async function story(up: string) {
  const { dir, remove } = await project({ "migrations/0001_first.sql": up, "migrations/0001_first.down.sql": "SELECT 1;\n" })
  const url = await server.database()
  removes.push(remove)
  const env = { DATABASE_URL: url }
  return { url, type: (args: string) => nself(dir, args, { env }), run: (args: string) => runNself(dir, args, { env }), sql: (text: string) => admin(url, text) }
}

test("a version that the migrations name is compared, with the embedded shadow too, and --sql brings it back", async () => {
  const { type, run, sql } = await story("CREATE EXTENSION pg_trgm VERSION '1.4';\nALTER EXTENSION pg_trgm UPDATE TO '1.5';\nCREATE EXTENSION hstore;\n")
  expect((await run("db migrate up")).exit).toBe(0)
  expect((await run("db migrate diff --fail-on-drift")).exit).toBe(0)
  await sql("drop extension pg_trgm; create extension pg_trgm version '1.4'")
  expect(await type("db migrate diff --fail-on-drift")).toMatchInlineSnapshot(`
    "$ nself db migrate diff --fail-on-drift
    --- stdout
    Schema drift detected:

    Changed in DB (in DB otherwise than in schema):
      Extension: pg_trgm
        schema: version 1.5
        DB:     version 1.4

    To fix: generate a migration.

    Not looked at: whether the schema has changes without a migration (no drizzle.config.ts and no src/db/schema in <dir>).
    --- exit 5"
  `)
  const { stdout } = await run("db migrate diff --sql")
  expect(stdout).toContain(`ALTER EXTENSION "pg_trgm" UPDATE TO '1.5';`)
  await sql(stdout)
  expect((await run("db migrate diff --fail-on-drift")).exit).toBe(0)
  await sql("alter extension pg_trgm update to '1.6'")
  const beyond = await run("db migrate diff --fail-on-drift")
  expect(beyond.exit).toBe(5)
  expect(beyond.stdout + beyond.stderr).toContain("extension pg_trgm is at version 1.6, and this server has no way to version 1.5")
}, 60_000)

test("an extension that nobody brought to the server's version is a note and no drift", async () => {
  const { run, sql } = await story("CREATE EXTENSION hstore;\n")
  await run("db migrate up")
  expect((await run("db migrate diff")).stdout).not.toContain("hstore")
  await sql("drop extension hstore; create extension hstore version '1.7'")
  const said = await run("db migrate diff --fail-on-drift")
  expect(said.exit).toBe(0)
  expect(said.stdout + said.stderr).toContain(`extension hstore is at version 1.7, this server has 1.8: ALTER EXTENSION "hstore" UPDATE`)
}, 60_000)

test("--against: what two databases have in two versions is told, with the statement where this server has a way there", async () => {
  const { run, sql } = await story("CREATE EXTENSION citext;\n")
  await run("db migrate up")
  const newer = await (await startServer(18)).database()
  await admin(newer, "create extension citext; create extension hstore version '1.8'")
  await sql("create extension hstore version '1.7'")
  const { data } = JSON.parse((await run(`db migrate diff --json --against ${newer}`)).stdout) as { data: { drift: { changed: { key: string }[]; missing: unknown[]; extra: unknown[] }; sql: string[]; notes: string[] } }
  expect([data.drift.missing, data.drift.extra]).toEqual([[], []])
  expect(data.drift.changed.map(change => change.key)).toEqual(["citext", "hstore"])
  expect(data.sql).toEqual([`ALTER EXTENSION "hstore" UPDATE TO '1.8'`])
  expect(data.notes).toContain("extension citext is at version 1.6, and this server has no way to version 1.8")
}, 60_000)
