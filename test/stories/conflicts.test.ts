import { afterEach, expect, test } from "bun:test"
import { nself, project } from "../support/nself.ts"

const removes: (() => Promise<void>)[] = []
afterEach(async () => void (await Promise.all(removes.splice(0).map(remove => remove()))))

const FIRST = "00000000-0000-0000-0000-000000000000"
const snapshot = (id: string, prevId: string): string => JSON.stringify({ version: "7", dialect: "postgresql", tables: {}, id, prevId }, null, 2)

async function check(files: Readonly<Record<string, string>>): Promise<string> {
  const { dir, remove } = await project({ "drizzle.config.ts": `export default { dialect: "postgresql", schema: "./schema.ts", out: "./migrations" }\n`, ...files })
  removes.push(remove)
  // no database may be needed: this one cannot be reached
  return nself(dir, "db migrate status --check-conflicts", { env: { DATABASE_URL: "postgres://127.0.0.1:1/x" } })
}

test("a forked chain and two migrations that do not commute, under numbers of their own: both statements are shown", async () => {
  expect(await check({
    "migrations/0001_a.sql": "create table a (id int, mail text);\n", "migrations/meta/0001_snapshot.json": snapshot("one", FIRST),
    "migrations/0002_rename.sql": "comment on table a is 'people';\nalter table a rename mail to email;\n", "migrations/meta/0002_snapshot.json": snapshot("two", "one"),
    "migrations/0003_index.sql": "create table b (id int);\n\ncreate index a_mail on a (mail);\n", "migrations/meta/0003_snapshot.json": snapshot("three", "one"),
  })).toMatchInlineSnapshot(`
    "$ nself db migrate status --check-conflicts
    --- stdout
    CONFLICT detected:
      0002_rename.sql
      0003_index.sql

    The snapshots of these migrations both follow 0001_a.sql: each was made without the other.

    CONFLICT detected:
      migrations/0002_rename.sql:2
        alter table a rename mail to email
      migrations/0003_index.sql:3
        create index a_mail on a (mail)

    The order of these two statements matters: column "mail" does not exist

    Resolution: rebase journal
      nself db migrate journal rebase
    --- exit 6"
  `)
}, 60_000)

test("branches that do not touch each other: only the fork is told", async () => {
  const said = await check({
    "migrations/0001_a.sql": "create type mood as enum ('good');\n", "migrations/meta/0001_snapshot.json": snapshot("one", FIRST),
    "migrations/0002_b.sql": "alter type mood add value 'bad';\ncreate table b (m mood default 'bad');\n", "migrations/meta/0002_snapshot.json": snapshot("two", "one"),
    "migrations/0003_c.sql": "create table c (id int);\ncreate index concurrently c_id on c (id);\n", "migrations/meta/0003_snapshot.json": snapshot("three", "one"),
  })
  expect(said).toContain("each was made without the other")
  expect(said).not.toContain("order of these two statements")
}, 60_000)

test("a broken chain", async () => {
  expect(await check({
    "migrations/0001_a.sql": "create table a (id int);\n", "migrations/meta/0001_snapshot.json": snapshot("one", FIRST),
    "migrations/0002_b.sql": "create table b (id int);\n", "migrations/meta/0002_snapshot.json": snapshot("two", "gone"),
  })).toMatchInlineSnapshot(`
    "$ nself db migrate status --check-conflicts
    --- stdout
    CONFLICT detected:
      0002_b.sql

    The snapshot of this migration follows a snapshot that no file here has, not the migration before it.

    Resolution: rebase journal
      nself db migrate journal rebase
    --- exit 6"
  `)
}, 60_000)

test("without snapshots and with one number each there is nothing to say", async () => {
  expect(await check({ "migrations/0001_a.sql": "create table a (id int);\n", "migrations/0007_b.sql": "drop table a;\n" })).toContain("No conflicts: 2 migrations, one number each, one chain.")
}, 60_000)
