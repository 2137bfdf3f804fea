import { afterAll, beforeAll, expect, test } from "bun:test"
import { drizzleProject, type DrizzleProject } from "../../support/drizzle-project.ts"

let at: DrizzleProject
beforeAll(async () => void (at = await drizzleProject()))
afterAll(() => at.remove())

test("nulls not distinct, checks, expressions, predicates, enum and array defaults are made once: the second generate has nothing to do", async () => {
  await at.schema(`
export const mood = pgEnum("mood", ["ok", "it's"])
export const app = pgSchema("app")
export const users = pgTable("np_users", {
  id: uuid("id").primaryKey().defaultRandom(), email: varchar("email", { length: 200 }).notNull(), nick: text("nick"), mood: mood("mood").default("it's"),
  moods: mood("moods").array().default(["ok"]), tags: text("tags").array().default([]), loud: text("loud").generatedAlwaysAs(sql\`upper(email)\`),
  number: integer("number").generatedByDefaultAsIdentity(), at: timestamp("at", { withTimezone: true, precision: 3 }).defaultNow(), on: boolean("on").default(true),
}, t => [
  unique("np_users_nick").on(t.nick, t.email).nullsNotDistinct(), check("np_users_email", sql\`\${t.email} ~ '^[^@]+@[^@]+$' and length(\${t.email}) between 3 and 200\`),
  check("np_users_mood", sql\`\${t.mood} in ('ok', 'it''s')\`), index("np_users_lower").on(sql\`lower(\${t.email})\`, t.at.desc().nullsLast()),
  index("np_users_on").on(t.nick).where(sql\`\${t.on} and not \${t.tags} = '{}'\`), index("np_users_tags").using("gin", t.tags),
])
export const notes = app.table("notes", { id: integer("id").primaryKey(), user: uuid("user").references(() => users.id, { onDelete: "set null", onUpdate: "cascade" }) })
export const loud = pgView("np_loud").as(qb => qb.select({ id: users.id, loud: users.loud }).from(users).where(sql\`\${users.on}\`))
`)
  await at.run("db migrate generate --name first")
  expect(await at.typed("db migrate generate --name second")).toMatchInlineSnapshot(`
    "$ nself db migrate generate --name second
    --- stdout
    Nothing to generate: the migrations already give the declared schema.
    --- exit 0"
  `)
  await at.run("db migrate generate --check")
})
