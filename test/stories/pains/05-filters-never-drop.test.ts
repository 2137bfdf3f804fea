import { afterAll, beforeAll, expect, test } from "bun:test"
import { ask } from "../../support/migrating.ts"
import { project, runNself } from "../../support/nself.ts"
import { admin, startServer, type TestServer } from "../../support/server.ts"

let server: TestServer
const removes: (() => Promise<void>)[] = []
beforeAll(async () => void (server = await startServer(15)), 60_000)
afterAll(async () => void (await Promise.all(removes.map(remove => remove()))))

test("pain 5: what a filter leaves out and what an extension owns is never dropped, by no command", async () => {
  const { dir, remove } = await project({
    "drizzle.config.ts": `export default { dialect: "postgresql", schema: "./src/db/schema/*.ts", out: "./migrations", schemaFilter: ["public"], tablesFilter: ["np_*"] }\n`,
    "src/db/schema/users.ts": `import { integer, pgTable } from "drizzle-orm/pg-core"\nexport const users = pgTable("np_users", { id: integer("id").primaryKey() })\n`,
  })
  removes.push(remove)
  const url = await server.database()
  const run = (words: string) => runNself(dir, words, { env: { DATABASE_URL: url } })
  await admin(url, `create extension pg_stat_statements; create extension pg_buffercache; create schema reports; create table reports.sums (id int); create table "legacy users" (id int); create view legacy_view as select * from "legacy users"`)
  const others = "select string_agg(n.nspname || '.' || c.relname, ', ' order by 1) as all from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relname ~ 'pg_stat_statements|pg_buffercache|sums|legacy' and c.relkind in ('r', 'v')"
  const before = await ask(url, others)
  expect((await run("db migrate generate --name initial")).exit).toBe(0)
  expect((await run("db migrate up")).exit).toBe(0)
  const { drift, ignored, sql } = JSON.parse((await run("db migrate diff --json")).stdout).data
  expect([drift.missing, drift.changed, drift.extra.map((one: { kind: string }) => one.kind), sql.filter((one: string) => one.includes("DROP") && !one.includes("EXTENSION"))]).toEqual([[], [], ["extension", "extension"], []])
  expect(ignored).toEqual({ schemaFilter: 2, tablesFilter: 2 })
  expect((await run("db migrate push --yes")).stdout).toContain("Nothing to push")
  expect((await run("db migrate reset --yes")).exit).toBe(0)
  expect(await ask(url, others)).toEqual(before)
}, 120_000)
