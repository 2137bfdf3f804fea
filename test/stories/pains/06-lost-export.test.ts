import { afterAll, beforeAll, expect, test } from "bun:test"
import { drizzleProject, type DrizzleProject } from "../../support/drizzle-project.ts"

let at: DrizzleProject
beforeAll(async () => void (at = await drizzleProject()))
afterAll(() => at.remove())

const USERS = `export const users = pgTable("np_users", { id: integer("id").primaryKey() })\n`

test("a table that only lost its export is not dropped; one whose declaration is gone is", async () => {
  await at.schema(`${USERS}export const documents = pgTable("np_documents", { id: integer("id").primaryKey() })\n`)
  await at.run("db migrate generate --name first")
  await at.schema(`${USERS}const documents = pgTable("np_documents", { id: integer("id").primaryKey() })\n`)
  expect(await at.typed("db migrate generate --name cleaned")).toMatchInlineSnapshot(`
    "$ nself db migrate generate --name cleaned
    --- stderr
    error: table np_documents would be dropped, but src/db/schema/all.ts:4 still declares it

    hint: export it from its schema file, or delete its declaration to drop the table
    --- exit 3"
  `)
  await at.schema(`${USERS}// const documents = pgTable("np_documents", { id: integer("id").primaryKey() })\n`)
  await at.run("db migrate generate --name cleaned")
  expect(await at.sql("migrations/0002_cleaned.sql")).toBe(`DROP TABLE IF EXISTS "np_documents";`)
})
