import { afterAll, beforeAll, expect, test } from "bun:test"
import { drizzleProject, type DrizzleProject } from "../../support/drizzle-project.ts"
import { ask } from "../../support/migrating.ts"
import { startServer } from "../../support/server.ts"

let at: DrizzleProject
beforeAll(async () => void (at = await drizzleProject()))
afterAll(() => at.remove())

test("every migration has a way back that was proved and says what it loses; it brings back the database of before", async () => {
  const url = await (await startServer(15)).database()
  const env = { DATABASE_URL: url }
  await at.schema(`export const users = pgTable("np_users", { id: integer("id").primaryKey(), email: text("email").notNull() })\n`)
  await at.run("db migrate generate --name first")
  await at.schema(`export const users = pgTable("np_users", { id: integer("id").primaryKey(), email: text("email"), nick: text("nick") }, t => [index("np_users_nick").on(t.nick)])
export const notes = pgTable("np_notes", { id: integer("id").primaryKey(), user: integer("user").references(() => users.id) })\n`)
  await at.run("db migrate generate --name notes")
  expect(await at.read("migrations/0002_notes.down.sql")).toMatchInlineSnapshot(`
    "-- migrations/0002_notes.down.sql
    -- Generated automatically by nself db migrate generate
    -- Proved on embedded PostgreSQL 18.6.
    -- Down loses data: column np_users.nick, table np_notes.

    DROP INDEX "np_users_nick";
    DROP TABLE IF EXISTS "np_notes";
    ALTER TABLE "np_users" DROP COLUMN "nick";
    ALTER TABLE "np_users" ALTER COLUMN "email" SET NOT NULL;
    "
  `)
  await at.run("db migrate up", 0, { env })
  await at.run("db migrate down", 0, { env })
  expect(await ask(url, "select table_name, column_name, is_nullable from information_schema.columns where table_schema = 'public' and table_name !~ '^np_migrations' order by 1, 2")).toEqual([
    { table_name: "np_users", column_name: "email", is_nullable: "NO" }, { table_name: "np_users", column_name: "id", is_nullable: "NO" },
  ])
  await at.run("db migrate diff --fail-on-drift", 0, { env })
})
