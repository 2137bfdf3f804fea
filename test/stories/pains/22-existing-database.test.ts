import { afterEach, beforeAll, expect, test } from "bun:test"
import { ask } from "../../support/migrating.ts"
import { nself, project } from "../../support/nself.ts"
import { startServer, type TestServer } from "../../support/server.ts"

let server: TestServer
const removes: (() => Promise<void>)[] = []
beforeAll(async () => void (server = await startServer(18)), 60_000)
afterEach(async () => void (await Promise.all(removes.splice(0).map(remove => remove()))))

const CONFIG = { "drizzle.config.ts": `export default { dialect: "postgresql", schema: "./schema.ts", out: "./migrations" }\n` }

test("an existing database is marked as having its migrations only where replay equals live", async () => {
  const { dir, remove } = await project({ ...CONFIG, "migrations/0001_a.sql": "create table a (id int primary key);\n", "migrations/0002_b.sql": "alter table a add b text;\n" })
  removes.push(remove)
  const [same, less] = [await server.database(), await server.database()]
  await ask(same, "create table a (id int primary key, b text)")
  await ask(less, "create table a (id int primary key)")
  const at = (url: string) => ({ env: { DATABASE_URL: url } })
  expect(await nself(dir, "db migrate baseline --to 0002", at(same))).toContain("Marked as applied in postgres@127.0.0.1:5432/app: 0001_a, 0002_b")
  expect(await nself(dir, "db migrate up", at(same))).toContain("Nothing to do. Database is at version 0002.")
  expect(await nself(dir, "db migrate baseline --to 0002", at(less))).toContain("missing column a.b: text")
  expect(await nself(dir, "db migrate baseline --to 0001", at(less))).toContain("Marked as applied in postgres@127.0.0.1:5432/app: 0001_a")
  expect(await nself(dir, "db migrate up", at(less))).toContain("Applied 1 migration. Database is now at version 0002.")
}, 90_000)
