/** A real server in the place of the embedded PostgreSQL, by flag and by environment. */
import { afterAll, beforeAll, expect, test } from "bun:test"
import { drizzleProject, type DrizzleProject } from "../support/drizzle-project.ts"
import { admin, startServer, type TestServer } from "../support/server.ts"

const USERS = `export const users = pgTable("users", { id: integer("id").primaryKey(), mail: text("mail").notNull() })\n`
const MOOD = `export const mood = pgEnum("mood", ["ok", "bad"])\nexport const notes = pgTable("notes", { id: integer("id").primaryKey(), mood: mood("mood").notNull().default("ok") })\n`

let server: TestServer
let app: DrizzleProject
beforeAll(async () => {
  server = await startServer(16)
  app = await drizzleProject()
}, 60_000)
afterAll(() => app.remove())

const leftBehind = () => admin(server.url, "do $$ begin if exists (select from pg_database where datname ~ '^nself_shadow') then raise 'left behind'; end if; end $$")

test("generate proves on the server that --shadow-url names, and leaves nothing there", async () => {
  await app.schema(USERS)
  await app.run(`db migrate generate --name initial --shadow-url ${server.url}`)
  expect(await app.read("migrations/0001_initial.sql")).toContain("-- Proved on PostgreSQL 16.")
  // a value used where it is added needs a shadow of its own
  await app.schema(USERS + MOOD)
  await app.run(`db migrate generate --name notes --shadow-url ${server.url}`)
  await app.schema(USERS + MOOD.replace(`"bad"]`, `"bad", "new"]`).replace(`default("ok")`, `default("new")`))
  await app.run(`db migrate generate --name mood --shadow-url ${server.url}`)
  expect(await app.read("migrations/0003_mood.sql")).toContain("-- Proved on PostgreSQL 16.")
  await leftBehind()
}, 60_000)

test("NSELF_SHADOW_URL in an environment file does the same, and journal rebase tries there too", async () => {
  await app.file(".env.local", `NSELF_SHADOW_URL=${server.url}\n`)
  await app.schema(`${USERS}export const more = pgTable("more", { id: integer("id").primaryKey() })\n`)
  await app.run("db migrate generate --name more --no-renames")
  expect(await app.read("migrations/0004_more.sql")).toContain("-- Proved on PostgreSQL 16.")
  await app.schema(`${USERS}export const more = pgTable("more", { id: integer("id").primaryKey(), n: integer("n") })\n`)
  await app.run("db migrate generate --name late --no-renames")
  await app.run("db migrate renumber 0003_mood.sql --to 0006")
  const rebased = await app.run("db migrate journal rebase --json")
  expect(JSON.parse(rebased.stdout).data).toMatchObject({ engine: expect.stringMatching(/^PostgreSQL 16/), tried: expect.arrayContaining([expect.objectContaining({ name: "0006_mood" })]) })
  await leftBehind()
}, 60_000)

test("a server that is not there is said, and nothing is written", async () => {
  await app.file(".env.local", "")
  await app.schema(`${USERS}export const other = pgTable("other", { id: integer("id").primaryKey() })\n`)
  const said = await app.run("db migrate generate --name other --no-renames --shadow-url postgres://postgres@127.0.0.1:1/x", 1)
  expect(said.stderr).toContain("127.0.0.1:1")
  expect(said.stderr).toContain("hint: start the server, or check the address in --shadow-url")
  await app.file(".env.local", "NSELF_SHADOW_URL=postgres://postgres@127.0.0.1:1/x\n")
  expect((await app.run("db migrate generate --name other --no-renames", 1)).stderr).toContain("hint: start the server, or check the address in NSELF_SHADOW_URL")
  await app.file(".env.local", "NSELF_SHADOW_URL=nowhere\n")
  expect((await app.run("db migrate generate --name other --no-renames", 2)).stderr).toContain("NSELF_SHADOW_URL is not a connection URL")
  expect(await app.read("migrations/meta/_journal.json")).not.toContain("0006_other")
}, 60_000)
