import { afterAll, beforeAll, expect, test } from "bun:test"
import { drizzleProject, type DrizzleProject } from "../../support/drizzle-project.ts"

let at: DrizzleProject
beforeAll(async () => {
  at = await drizzleProject()
  await at.schema(`export const users = pgTable("np_users", { id: integer("id").primaryKey(), mail: text("mail") })\n`)
  await at.run("db migrate generate --name first")
  await at.schema(`export const users = pgTable("np_users", { id: integer("id").primaryKey(), email: text("email") })\n`)
})
afterAll(() => at.remove())

test("without a terminal generate ends at once, with the decisions and the flags that make them", async () => {
  expect(await at.typed("db migrate generate --name rename")).toMatchInlineSnapshot(`
    "$ nself db migrate generate --name rename
    --- stderr
    error: a rename, or a drop and an add? nself does not guess:
      np_users.mail went, np_users.email came: --rename np_users.mail=np_users.email

    hint: add the --rename flags that are true, or --no-renames to drop and add (values are lost)
    --- exit 2"
  `)
})

test("each of the flags decides it", async () => {
  const renamed = await at.run("db migrate generate --dry-run --rename np_users.mail=np_users.email")
  expect(renamed.stdout).toContain(`ALTER TABLE "np_users" RENAME COLUMN "mail" TO "email";`)
  const dropped = await at.run("db migrate generate --dry-run --no-renames")
  expect(dropped.stdout).toContain(`ALTER TABLE "np_users" DROP COLUMN "mail";\nALTER TABLE "np_users" ADD COLUMN "email" text;`)
})
