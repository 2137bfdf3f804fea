import { afterAll, beforeAll, expect, test } from "bun:test"
import { drizzleProject, type DrizzleProject } from "../../support/drizzle-project.ts"
import { ask } from "../../support/migrating.ts"
import { startServer } from "../../support/server.ts"

let at: DrizzleProject
let url: string
beforeAll(async () => {
  at = await drizzleProject()
  url = await (await startServer(18)).database()
  await at.schema(`export const users = pgTable("np_users", { id: integer("id").primaryKey(), age: text("age"), nick: text("nick") })\n`)
  await at.run("db migrate generate --name first")
  await at.run("db migrate up", 0, { env: { DATABASE_URL: url } })
  await ask(url, "insert into np_users values (1, '41', 'a'), (2, '42', 'b')")
})
afterAll(() => at.remove())

test("a column gets another type with its values; what PostgreSQL cannot convert is not written, and nothing is truncated", async () => {
  await at.schema(`export const users = pgTable("np_users", { id: integer("id").primaryKey(), age: integer("age"), nick: text("nick") })\n`)
  await at.run("db migrate generate --name age_as_number")
  expect(await at.sql("migrations/0002_age_as_number.sql")).toBe(`ALTER TABLE "np_users" ALTER COLUMN "age" SET DATA TYPE integer USING "age"::integer;`)
  await at.run("db migrate up", 0, { env: { DATABASE_URL: url } })
  expect(await ask(url, "select id, age from np_users order by id")).toEqual([{ id: 1, age: 41 }, { id: 2, age: 42 }])
})

test("what a migration loses is named in the output, in both files and nowhere else", async () => {
  await at.schema(`export const users = pgTable("np_users", { id: integer("id").primaryKey(), age: integer("age") })\n`)
  expect((await at.run("db migrate generate --name drop_nick")).stdout).toContain("warning: this migration loses data: column np_users.nick")
  expect(await at.read("migrations/0003_drop_nick.sql")).toContain("-- Up loses data: column np_users.nick.\n-- Down loses no data.\n")
  expect(await at.sql("migrations/0003_drop_nick.sql")).toBe(`ALTER TABLE "np_users" DROP COLUMN "nick";`)
})

test("push drops nothing that was not allowed by name", async () => {
  expect(await at.typed("db migrate push --yes", { env: { DATABASE_URL: url } })).toContain("--accept-loss np_users.nick")
  expect(await ask(url, "select nick from np_users order by id")).toEqual([{ nick: "a" }, { nick: "b" }])
})
