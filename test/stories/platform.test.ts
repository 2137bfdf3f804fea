import { afterEach, beforeAll, expect, test } from "bun:test"
import { ask } from "../support/migrating.ts"
import { nself, project } from "../support/nself.ts"
import { startServer, type TestServer } from "../support/server.ts"

let server: TestServer
const removes: (() => Promise<void>)[] = []
beforeAll(async () => void (server = await startServer(18)), 60_000)
afterEach(async () => void (await Promise.all(removes.splice(0).map(remove => remove()))))

const PLATFORM = `create schema auth;
create table auth.users (id uuid primary key);
create function auth.uid() returns uuid language sql stable as $$ select null::uuid $$;
do $$ begin create role nself_story_authenticated; exception when duplicate_object then null; end $$;
`
const SCHEMA = `import { sql } from "drizzle-orm"
import { pgPolicy, pgSchema, pgTable, text, uuid } from "drizzle-orm/pg-core"
const users = pgSchema("auth").table("users", { id: uuid("id").primaryKey() })
export const notes = pgTable("notes", { id: uuid("id").primaryKey(), owner: uuid("owner").references(() => users.id), body: text("body") }, () => [
  pgPolicy("own", { for: "select", using: sql\`owner = auth.uid()\` }),
])
`
const HISTORY = `CREATE TABLE "notes" ("id" uuid PRIMARY KEY, "owner" uuid REFERENCES "auth"."users"("id"));--> statement-breakpoint
ALTER TABLE "notes" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE POLICY "own" ON "notes" FOR SELECT USING (owner = auth.uid());
`

const config = (own: string): string => `export default { dialect: "postgresql", schema: "./schema.ts", out: "./migrations"${own} }\n`

test("functions and schemas that only the platform has: said in an SQL file, used by the shadow, shown by no catalog", async () => {
  const { dir, remove } = await project({
    "drizzle.config.ts": config(""), "schema.ts": SCHEMA, "platform.sql": PLATFORM, "migrations/0000_notes.sql": HISTORY,
    "migrations/meta/_journal.json": JSON.stringify({ version: "7", dialect: "postgresql", entries: [{ idx: 0, version: "7", when: 1, tag: "0000_notes", breakpoints: true }] }),
  })
  removes.push(remove)
  const url = await server.database()
  await ask(url, PLATFORM)
  const env = { env: { DATABASE_URL: url } }
  expect(await nself(dir, "db migrate adopt", env)).toMatchInlineSnapshot(`
    "$ nself db migrate adopt
    --- stderr
    error: migrations/0000_notes.sql does not run in the shadow: schema "auth" does not exist

    hint: if a hosting platform makes this, say it in an SQL file and name it in drizzle.config.ts: nself: { shadow: { setup: "./shadow.sql" } }; else mend migrations/0000_notes.sql, then type the same command again
    --- exit 1"
  `)
  await Bun.write(`${dir}/drizzle.config.ts`, config(`, nself: { shadow: { setup: "./platform.sql" } }`))
  expect(await nself(dir, "db migrate adopt", env)).toContain("Adopted 1 migration of drizzle")
  expect(await nself(dir, "db migrate up", env)).toContain("Applied 1 migration.")
  expect(await nself(dir, "db migrate generate --name body", env)).toContain("0001_body.sql")
  expect(await Bun.file(`${dir}/migrations/0001_body.sql`).text()).toContain(`ALTER TABLE "notes" ADD COLUMN "body" text;`)
  expect(await Bun.file(`${dir}/migrations/0001_body.sql`).text()).not.toContain("auth")
  expect(await nself(dir, "db migrate up", env)).toContain("Applied 1 migration.")
  expect(await nself(dir, "db migrate diff", env)).toContain("No drift")
}, 120_000)
