import { afterAll, beforeAll, expect, test } from "bun:test"
import { drizzleProject, type DrizzleProject } from "../../support/drizzle-project.ts"
import { ask } from "../../support/migrating.ts"
import { startServer } from "../../support/server.ts"

let at: DrizzleProject
let env: Readonly<Record<string, string>>
beforeAll(async () => {
  at = await drizzleProject()
  env = { DATABASE_URL: await (await startServer(18)).database() }
  await at.schema(schema({ type: "mood", label: "ok", table: "people", column: "mail", appTable: "notes" }))
  await at.run("db migrate generate --name first")
  await at.run("db migrate up", 0, { env })
  await ask(env["DATABASE_URL"]!, "insert into people values (1, 'a@b', 'ok'), (2, 'c@d', 'bad'); insert into app.notes values (1, 'n')")
})
afterAll(() => at.remove())

interface Names { readonly type: string; readonly label: string; readonly table: string; readonly column: string; readonly appTable: string }
const schema = ({ type, label, table, column, appTable }: Names) => `export const mood = pgEnum("${type}", ["${label}", "bad"])
export const app = pgSchema("app")
export const people = pgTable("${table}", { id: integer("id").primaryKey(), mail: text("${column}"), mood: mood("mood").default("${label}") }, t => [index("by_mail").on(t.mail)])
export const notes = app.table("${appTable}", { id: integer("id").primaryKey(), text: text("text") })\n`

test("a table, a column, an enum, an enum value and a table of another schema are renamed in one migration, and every row stays", async () => {
  await at.schema(schema({ type: "feeling", label: "good", table: "np_users", column: "email", appTable: "np_notes" }))
  const flags = ["people=np_users", "np_users.mail=np_users.email", "mood=feeling", "feeling.ok=feeling.good", "app.notes=app.np_notes"]
  await at.run(`db migrate generate --name renamed ${flags.map(flag => `--rename ${flag}`).join(" ")}`)
  expect(await at.sql("migrations/0002_renamed.sql")).toMatchInlineSnapshot(`
    "ALTER TYPE "mood" RENAME TO "feeling";
    ALTER TABLE "people" RENAME TO "np_users";
    ALTER TABLE "np_users" RENAME COLUMN "mail" TO "email";
    ALTER TYPE "feeling" RENAME VALUE 'ok' TO 'good';
    ALTER TABLE "app"."notes" RENAME TO "np_notes";
    ALTER TABLE "app"."np_notes" RENAME CONSTRAINT "notes_pkey" TO "np_notes_pkey";
    ALTER TABLE "np_users" RENAME CONSTRAINT "people_pkey" TO "np_users_pkey";"
  `)
  await at.run("db migrate up", 0, { env })
  expect(await ask(env["DATABASE_URL"]!, "select id, email, mood::text from np_users order by id")).toEqual([{ id: 1, email: "a@b", mood: "good" }, { id: 2, email: "c@d", mood: "bad" }])
  await at.run("db migrate down", 0, { env })
  expect(await ask(env["DATABASE_URL"]!, "select id, mail, mood::text, (select text from app.notes) as note from people order by id")).toEqual([
    { id: 1, mail: "a@b", mood: "ok", note: "n" }, { id: 2, mail: "c@d", mood: "bad", note: "n" },
  ])
})
