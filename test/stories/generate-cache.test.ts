/** What is known of the history and of the schema from another time gives the same answers as looking again, and sooner. */
import { afterAll, beforeAll, expect, test } from "bun:test"
import { cp, readdir, rm } from "node:fs/promises"
import { join } from "node:path"
import { project, runNself } from "../support/nself.ts"

const HEAD = `import { boolean, integer, pgEnum, pgTable, text, timestamp, uuid } from "drizzle-orm/pg-core"\n`
const SCHEMA = `${HEAD}export const mood = pgEnum("mood", ["good", "bad"])
export const users = pgTable("users", { id: uuid("id").primaryKey().defaultRandom(), mail: text("mail").notNull(), mood: mood("mood"), updatedAt: timestamp("updated_at", { withTimezone: true }).notNull().defaultNow() })
export const events = pgTable("events", { id: integer("id").notNull(), at: timestamp("at", { withTimezone: true }).notNull() })
`
/** What Drizzle has no words for, so that only the history knows it. */
const BY_HAND = `CREATE EXTENSION citext;
CREATE ROLE app_reader;
CREATE DOMAIN handle AS citext CHECK (VALUE <> '');
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE TYPE point3 AS (x positive, y positive, z positive);
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.mail = lower(NEW.mail); RETURN NEW; END $$;
CREATE TRIGGER note BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION note();
CREATE AGGREGATE longest(text) (SFUNC = text_larger, STYPE = text);
CREATE PUBLICATION changes FOR TABLE users;
ALTER TABLE users SET (fillfactor = 80);
ALTER TABLE users ALTER COLUMN mail SET STORAGE external;
CREATE STATISTICS together (dependencies) ON mail, mood FROM users;
GRANT SELECT ON users TO app_reader;
COMMENT ON TABLE users IS 'who may come in';
`
/** Each is a next step from `SCHEMA`. */
const CHANGES: Readonly<Record<string, string>> = {
  "a column more": SCHEMA.replace(`mail: text("mail").notNull()`, `mail: text("mail").notNull(), nice: boolean("nice").notNull().default(true)`),
  "a value of an enum more": SCHEMA.replace(`"bad"]`, `"bad", "so so"]`),
  "a value of an enum less": SCHEMA.replace(`, "bad"]`, `]`),
  "a table less": SCHEMA.replace(/export const events.*\n/, ""),
  "a table more": `${SCHEMA}export const posts = pgTable("posts", { id: uuid("id").primaryKey(), by: uuid("by").references(() => users.id) })\n`,
}

let at: Awaited<ReturnType<typeof project>>
const run = (words: string) => runNself(at.dir, `db migrate generate ${words}`)
const schema = (text: string) => Bun.write(join(at.dir, "src/db/schema/all.ts"), text)
const forget = () => rm(join(at.dir, ".nself"), { recursive: true, force: true })
const sent = (stderr: string): readonly string[] => stderr.split("\n").filter(line => /create table|create index/i.test(line))

beforeAll(async () => {
  at = await project({ "drizzle.config.json": JSON.stringify({ dialect: "postgresql", schema: "./src/db/schema/*.ts", out: "./migrations" }), "src/db/schema/all.ts": SCHEMA })
  expect(await run("--name first")).toMatchObject({ exit: 0 })
  expect(await run("--custom --name by_hand")).toMatchObject({ exit: 0 })
  const name = (await readdir(join(at.dir, "migrations"))).find(file => /^\d+_by_hand\.sql$/.test(file))!
  await Bun.write(join(at.dir, "migrations", name), BY_HAND)
  expect((await runNself(at.dir, "db migrate journal rebase")).exit).toBe(0)
})
afterAll(() => at.remove())

test("nothing new is found without a replay the second time, and said in the same words", async () => {
  await forget()
  const first = await run("--check --verbose")
  const second = await run("--check --verbose")
  expect([first.exit, second.exit]).toEqual([0, 0])
  expect(second.stdout).toBe(first.stdout)
  expect(sent(first.stderr).length).toBeGreaterThan(0)
  expect(sent(second.stderr)).toEqual([])
})

test.each(Object.entries(CHANGES))("%s: the same migration, whether the history is known or replayed", async (_, text) => {
  await forget()
  await schema(SCHEMA)
  expect((await run("--check")).exit).toBe(0)
  await schema(text)
  const known = await run("--dry-run --no-renames")
  await forget()
  const replayed = await run("--dry-run --no-renames")
  expect(known).toEqual(replayed)
  expect(replayed.exit).toBe(0)
  expect(replayed.stdout).toMatch(/ALTER|CREATE|DROP/)
}, 60_000)

test("the migration that was just written is a history that nobody has to replay", async () => {
  await forget()
  await schema(CHANGES["a column more"]!)
  const copy = await project({})
  await cp(at.dir, copy.dir, { recursive: true })
  try {
    const here = (words: string) => runNself(copy.dir, `db migrate generate ${words}`)
    expect((await here("--name nice")).exit).toBe(0)
    expect((await readdir(join(copy.dir, ".nself/cache"))).length).toBe(2) // the history before and behind it
    const known = await here("--check --verbose")
    expect(known.exit).toBe(0)
    expect(known.stderr).not.toContain("CREATE AGGREGATE longest(text) (SFUNC = text_larger, STYPE = text)") // as the file has it
    await rm(join(copy.dir, ".nself"), { recursive: true })
    expect((await here("--check")).stdout).toBe(known.stdout)
  } finally {
    await copy.remove()
  }
}, 60_000)

test("a cache that says nonsense is not there", async () => {
  await forget()
  await schema(SCHEMA)
  const before = await run("--check")
  for (const file of await readdir(join(at.dir, ".nself/cache"))) await Bun.write(join(at.dir, ".nself/cache", file), "nonsense")
  expect(await run("--check")).toEqual(before)
}, 60_000)
