import { afterEach, expect, test } from "bun:test"
import { nself, project } from "../../support/nself.ts"

const removes: (() => Promise<void>)[] = []
afterEach(async () => void (await Promise.all(removes.splice(0).map(remove => remove()))))

const CONFIG = { "drizzle.config.ts": `export default { dialect: "postgresql", schema: "./schema.ts", out: "./migrations" }\n` }
const FILES = { ...CONFIG, "migrations/0001_a.sql": "create table a (id int);\n", "migrations/0003_c.sql": "create table c (id int);\n" }

test("a migration merged late is named, refused or applied on request, never skipped", async () => {
  const { dir, remove } = await project(FILES)
  removes.push(remove)
  expect(await nself(dir, "db migrate up")).toContain("Applied 2 migrations.")
  const later = await project({ ...FILES, "migrations/0002_b.sql": "create table b (id int);\n" })
  removes.push(later.remove)
  await Bun.$`cp -r ${later.dir}/migrations ${dir}`.quiet()
  expect(await nself(dir, "db migrate status")).toContain("[ ] 0002_b  (not yet applied, older than the last applied migration)")
  expect(await nself(dir, "db migrate up")).toMatchInlineSnapshot(`
    "$ nself db migrate up
    --- stderr
    Using the embedded PostgreSQL in .nself/ (no database is configured; DATABASE_URL would name one)
    error: 0002_b.sql is older than the last applied migration (0003)

    hint: nself db migrate renumber 0002_b.sql --to 0004, or nself db migrate up --out-of-order
    --- exit 6"
  `)
  expect(await nself(dir, "db migrate up --out-of-order")).toContain("Applied 1 migration. Database is now at version 0003.")
  expect(await nself(dir, "db migrate up")).toContain("Nothing to do.")
}, 60_000)
