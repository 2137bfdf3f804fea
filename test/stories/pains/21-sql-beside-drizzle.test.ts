import { afterAll, beforeAll, expect, test } from "bun:test"
import { drizzleProject, type DrizzleProject } from "../../support/drizzle-project.ts"
import { ask } from "../../support/migrating.ts"
import { startServer } from "../../support/server.ts"

let at: DrizzleProject
beforeAll(async () => void (at = await drizzleProject()))
afterAll(() => at.remove())

const AUDIT = (word: string) => `CREATE FUNCTION np_shout() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.name = upper(NEW.name) || '${word}'; RETURN NEW; END $$;
CREATE TRIGGER np_users_shout BEFORE INSERT ON np_users FOR EACH ROW EXECUTE FUNCTION np_shout();\n`

test("triggers, functions and extensions are declared in SQL files, compared and migrated like all else, and never dropped for being unknown to Drizzle", async () => {
  const url = await (await startServer(18)).database()
  const env = { DATABASE_URL: url }
  await at.schema(`export const users = pgTable("np_users", { id: integer("id").primaryKey(), name: text("name") }, t => [index("np_users_name").using("gin", t.name.op("gin_trgm_ops"))])\n`)
  await at.file("src/db/sql/extensions.sql", "CREATE EXTENSION IF NOT EXISTS pg_trgm;\n")
  await at.file("src/db/sql/users.sql", AUDIT("!"))
  await at.run("db migrate generate --name first")
  await at.run("db migrate up", 0, { env })
  await at.file("src/db/sql/users.sql", AUDIT("?"))
  expect((await at.run("db migrate generate --check", 5)).stdout).toContain("changed function np_shout()")
  await at.run("db migrate generate --name asking")
  expect(await at.sql("migrations/0002_asking.sql")).toStartWith(`CREATE OR REPLACE FUNCTION "np_shout"()`)
  await at.run("db migrate up", 0, { env })
  await ask(url, "insert into np_users values (1, 'a')")
  expect(await ask(url, "select name from np_users")).toEqual([{ name: "A?" }])
  await at.run("db migrate diff --fail-on-drift", 0, { env })
  await at.run("db migrate generate --custom --name by_hand")
  await at.file("migrations/0003_by_hand.sql", "CREATE FUNCTION np_hand() RETURNS int LANGUAGE sql AS 'select 1';\n")
  await at.run("db migrate generate --check")
})
