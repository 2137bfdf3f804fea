import { afterAll, beforeAll, expect, test } from "bun:test"
import { Glob } from "bun"
import { join } from "node:path"
import { project, runNself } from "../../support/nself.ts"
import { admin, startServer, type TestServer } from "../../support/server.ts"

const SRC = join(import.meta.dir, "../../../src")
let server: TestServer
const removes: (() => Promise<void>)[] = []
beforeAll(async () => void (server = await startServer(16)), 60_000)
afterAll(async () => void (await Promise.all(removes.map(remove => remove()))))

test("pain 7: neither drift nor a failed migration nor an altered file makes any command propose a reset", async () => {
  const { dir, remove } = await project({
    "drizzle.config.ts": `export default { dialect: "postgresql", schema: "./src/db/schema/*.ts", out: "./migrations" }\n`,
    "src/db/schema/users.ts": `import { integer, pgTable } from "drizzle-orm/pg-core"\nexport const users = pgTable("np_users", { id: integer("id").primaryKey() })\n`,
    "migrations/0001_initial.sql": `CREATE TABLE "np_users" ("id" integer PRIMARY KEY);\n`, "migrations/0001_initial.down.sql": `DROP TABLE "np_users";\n`,
    "migrations/0002_bad.sql": "ALTER TABLE np_users ADD COLUMN id int;\n", "migrations/0002_bad.down.sql": "select 1;\n",
  })
  removes.push(remove)
  const url = await server.database()
  const run = (words: string) => runNself(dir, words, { env: { DATABASE_URL: url } })
  const said: string[] = []
  const hear = async (words: string) => {
    const { stdout, stderr } = await run(words)
    said.push(stdout, stderr)
  }
  await hear("db migrate up")
  await admin(url, "alter table np_users add by_hand int; create table temp (id int)")
  for (const words of ["db migrate up", "db migrate status", "db migrate diff", "db migrate diff --sql", "db migrate push", "db migrate generate --custom --name x", "db migrate generate --from-db --name y", "db migrate down --to 0", "db migrate verify-checksums"]) await hear(words)
  await Bun.write(join(dir, "migrations/0001_initial.sql"), `CREATE TABLE "np_users" ("id" bigint PRIMARY KEY);\n`)
  for (const words of ["db migrate up", "db migrate status", "db migrate diff", "db migrate verify-checksums"]) await hear(words)
  expect(said.filter(text => /reset/i.test(text))).toEqual([])
}, 120_000)

test("pain 7: no text in the sources but the reset command's own names `migrate reset`", async () => {
  const files = [...new Glob("**/*.ts").scanSync(SRC)].filter(path => !/\breset(-plan)?\.ts$/.test(path))
  const naming = (await Promise.all(files.map(async path => ((await Bun.file(join(SRC, path)).text()).includes("migrate reset") ? path : null)))).filter(path => path !== null)
  expect(naming).toEqual([])
})
