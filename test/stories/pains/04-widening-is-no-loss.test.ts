import { afterAll, beforeAll, expect, test } from "bun:test"
import { drizzleProject, type DrizzleProject } from "../../support/drizzle-project.ts"

let at: DrizzleProject
beforeAll(async () => void (at = await drizzleProject()))
afterAll(() => at.remove())

const schema = (length: number) => `export const users = pgTable("np_users", { id: integer("id").primaryKey(), name: varchar("name", { length: ${length} }).notNull() })\n`

test("a wider varchar is one ALTER that loses nothing", async () => {
  await at.schema(schema(20))
  await at.run("db migrate generate --name first")
  await at.schema(schema(200))
  const { stdout } = await at.run("db migrate generate --name wider")
  expect(stdout).not.toContain("loses")
  expect(await at.sql("migrations/0002_wider.sql")).toBe(`ALTER TABLE "np_users" ALTER COLUMN "name" SET DATA TYPE varchar(200);`)
  expect(await at.read("migrations/0002_wider.sql")).toContain("-- Up loses no data.\n-- Down loses no data.\n")
})
