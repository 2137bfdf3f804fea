import { afterAll, beforeAll, expect, test } from "bun:test"
import { readdir } from "node:fs/promises"
import { join } from "node:path"
import { drizzleProject, type DrizzleProject } from "../support/drizzle-project.ts"
import { onTerminal } from "../support/terminal.ts"

let at: DrizzleProject
beforeAll(async () => {
  at = await drizzleProject()
  await at.schema(`export const users = pgTable("np_users", { id: integer("id").primaryKey(), mail: text("mail"), nick: text("nick") })\n`)
  await at.run("db migrate generate --name first")
  await at.schema(`export const users = pgTable("np_users", { id: integer("id").primaryKey(), email: text("email"), name: text("name") })\n`)
})
afterAll(() => at.remove())

const files = async (): Promise<string[]> => (await readdir(join(at.dir, "migrations"), { recursive: true })).filter(name => !name.startsWith("meta/.")).toSorted()
const GENERATE = "db migrate generate --name renamed"

test("Ctrl-C at the question: exit 130, nothing written", async () => {
  const before = await files()
  const { text, exit } = await onTerminal(at.dir, GENERATE, [["1-3: ", "\u0003"]])
  expect({ exit, asked: text.includes("Is np_users.email new, or renamed?") }).toEqual({ exit: 130, asked: true })
  expect(await files()).toEqual(before)
})

test("the end of the input at the question: nothing is chosen and nothing written", async () => {
  const before = await files()
  const { text, exit } = await onTerminal(at.dir, GENERATE, [["1-3: ", "\u0004"]])
  expect(text).toContain("error: the input ended without an answer; nothing was changed")
  expect(exit).toBe(130)
  expect(await files()).toEqual(before)
})

test("flags answer before anybody is asked", async () => {
  const { text, exit } = await onTerminal(at.dir, "db migrate generate --dry-run --rename np_users.mail=np_users.email --rename np_users.nick=np_users.name")
  expect(exit).toBe(0)
  expect(text).not.toContain("new, or renamed?")
})

test("on a terminal each new column is asked about, a number that is none is asked again, and the answers are taken", async () => {
  const { text, exit } = await onTerminal(at.dir, GENERATE, [["1-3: ", "7\r"], ["1-3: ", "2\r"], ["1-2: ", "1\r"]])
  expect(text.slice(0, text.indexOf("Generated:")).trim()).toMatchInlineSnapshot(`
    "Is np_users.email new, or renamed?
      1  np_users.email is new
      2  renamed from np_users.mail
      3  renamed from np_users.nick
    1-3: 7
    1-3: 2
    Is np_users.name new, or renamed?
      1  np_users.name is new
      2  renamed from np_users.nick
    1-2: 1"
  `)
  expect(exit).toBe(0)
  expect(await at.sql("migrations/0002_renamed.sql")).toMatchInlineSnapshot(`
    "ALTER TABLE "np_users" RENAME COLUMN "mail" TO "email";
    ALTER TABLE "np_users" DROP COLUMN "nick";
    ALTER TABLE "np_users" ADD COLUMN "name" text;"
  `)
})

test("enum values and tables of another schema are asked about too", async () => {
  const schema = (label: string, table: string) => `export const mood = pgEnum("mood", ["${label}", "bad"])\nexport const app = pgSchema("app")
export const notes = app.table("${table}", { id: integer("id").primaryKey(), mood: mood("mood") })
export const users = pgTable("np_users", { id: integer("id").primaryKey(), email: text("email"), name: text("name") })\n`
  await at.schema(schema("ok", "notes"))
  await at.run("db migrate generate --name notes")
  await at.schema(schema("good", "np_notes"))
  const { text, exit } = await onTerminal(at.dir, "db migrate generate --name again", [["1-2: ", "2\r"], ["1-2: ", "2\r"]])
  expect(text.match(/^Is .*$/gm)).toMatchInlineSnapshot(`
    [
      "Is app.np_notes new, or renamed?",
      "Is mood.good new, or renamed?",
    ]
  `)
  expect(exit).toBe(0)
  expect(await at.sql("migrations/0004_again.sql")).toMatchInlineSnapshot(`
    "ALTER TABLE "app"."notes" RENAME TO "np_notes";
    ALTER TYPE "mood" RENAME VALUE 'ok' TO 'good';
    ALTER TABLE "app"."np_notes" RENAME CONSTRAINT "notes_pkey" TO "np_notes_pkey";"
  `)
})
