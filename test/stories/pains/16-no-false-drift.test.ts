import { afterAll, expect, test } from "bun:test"
import { project, runNself } from "../../support/nself.ts"
import { startServer, type Major } from "../../support/server.ts"

const removes: (() => Promise<void>)[] = []
afterAll(async () => void (await Promise.all(removes.map(remove => remove()))))

/** From the trackers: index column order, an enum default, expressions in checks, indexes, policies and generated columns, NOT NULL on 18, NULLS NOT DISTINCT where there is such. */
const SCHEMA = `import { boolean, check, index, integer, jsonb, numeric, pgEnum, pgPolicy, pgTable, pgView, text, timestamp, unique, uniqueIndex, uuid, varchar } from "drizzle-orm/pg-core"
import { sql } from "drizzle-orm"
export const mood = pgEnum("mood", ["ok", "it's"])
export const notes = pgTable("np_notes", {
  id: uuid("id").primaryKey().defaultRandom(),
  mood: mood("mood").notNull().default("it's"),
  moods: mood("moods").array().default(sql\`'{ok}'\`),
  body: text("body").notNull().default("it's \\"quoted\\""),
  code: varchar("code", { length: 20 }).default("x"),
  n: numeric("n", { precision: 10, scale: 2 }).default("1.50"),
  data: jsonb("data").default({ a: [1, "b"] }),
  done: boolean("done").default(false).notNull(),
  low: text("low").generatedAlwaysAs(sql\`lower(body) || '-' || coalesce(code, 'none')\`),
  age: integer("age"),
  at: timestamp("at", { withTimezone: true, precision: 3 }).defaultNow().notNull(),
}, t => [
  index("np_notes_order").on(t.at.desc(), t.body, t.age.asc().nullsFirst()),
  uniqueIndex("np_notes_part").on(sql\`lower(body)\`, t.code).where(sql\`done = false and code in ('a', 'b')\`),
  index("np_notes_gin").using("gin", t.data.op("jsonb_path_ops")),
  check("np_notes_age", sql\`age between 1 and 150 and body not in ('', 'x') and mood <> 'ok'\`),
  unique("np_notes_code").on(t.code, t.age),
  pgPolicy("own", { for: "select", using: sql\`id = nullif(current_setting('app.user', true), '')::uuid and done is not true\` }),
])
export const open = pgView("np_open", { id: uuid("id"), label: text("label") }).as(sql\`select n.id, case when n.age in (1, 2) then 'young' else upper(n.body) end as label from np_notes n where not n.done and n.at > now() - interval '1 day'\`)
`

test.each([14, 15, 16, 17, 18] as const)("pain 16: right after applying there is no drift and nothing to generate, on PostgreSQL %d", async (major: Major) => {
  const { dir, remove } = await project({ "drizzle.config.ts": `export default { dialect: "postgresql", schema: "./src/db/schema/*.ts", out: "./migrations" }\n`, "src/db/schema/notes.ts": SCHEMA })
  removes.push(remove)
  const env = { DATABASE_URL: await (await startServer(major)).database() }
  const run = (words: string) => runNself(dir, words, { env })
  expect((await run("db migrate generate --name initial")).exit).toBe(0)
  expect((await run("db migrate up")).exit).toBe(0)
  const { drift, ungenerated } = JSON.parse((await run("db migrate diff --json --fail-on-drift")).stdout).data
  expect({ drift, ungenerated }).toEqual({ drift: { missing: [], extra: [], changed: [] }, ungenerated: { looked: true, missing: [], extra: [], changed: [] } })
  expect((await run("db migrate push --yes")).stdout).toContain("Nothing to push")
}, 120_000)
