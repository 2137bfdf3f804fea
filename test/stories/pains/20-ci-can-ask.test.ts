import { afterAll, beforeAll, expect, test } from "bun:test"
import { readdir } from "node:fs/promises"
import { join } from "node:path"
import { drizzleProject, type DrizzleProject } from "../../support/drizzle-project.ts"
import { startServer } from "../../support/server.ts"

let at: DrizzleProject
beforeAll(async () => void (at = await drizzleProject()))
afterAll(() => at.remove())

test("generate --check fails on a schema change without a migration and writes nothing; status --exit-code fails on a pending one", async () => {
  const env = { DATABASE_URL: await (await startServer(18)).database() }
  await at.schema(`export const users = pgTable("np_users", { id: integer("id").primaryKey(), nick: text("nick") })\n`)
  await at.run("db migrate generate --name first")
  await at.run("db migrate generate --check")
  await at.run("db migrate status --exit-code", 5, { env })
  await at.run("db migrate up", 0, { env })
  await at.run("db migrate status --exit-code", 0, { env })
  await at.schema(`export const users = pgTable("np_users", { id: integer("id").primaryKey(), nick: varchar("nick", { length: 9 }).notNull() })
export const notes = pgTable("np_notes", { id: integer("id").primaryKey() })\n`)
  expect(await at.typed("db migrate generate --check")).toMatchInlineSnapshot(`
    "$ nself db migrate generate --check
    --- stdout
    The schema has changes without a migration:
      missing table np_notes: table
      changed column np_users.nick: text -> varchar(9) NOT NULL

    To make one: nself db migrate generate --name <name>
    --- exit 5"
  `)
  expect((await readdir(join(at.dir, "migrations"))).toSorted()).toEqual(["0001_first.down.sql", "0001_first.sql", "meta"])
})
