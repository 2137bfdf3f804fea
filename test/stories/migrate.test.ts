import { afterAll, afterEach, beforeAll, expect, test } from "bun:test"
import { join } from "node:path"
import { nself, project, runNself } from "../support/nself.ts"
import { startServer, type TestServer } from "../support/server.ts"

let server: TestServer
const removes: (() => Promise<void>)[] = []
beforeAll(async () => void (server = await startServer(18)), 60_000)
afterEach(async () => void (await Promise.all(removes.splice(0).map(remove => remove()))))
afterAll(async () => void (await Promise.all(removes.map(remove => remove()))))

const FILES = {
  "migrations/0001_initial.sql": `CREATE TABLE "np_users" ("id" int PRIMARY KEY);\n`,
  "migrations/0001_initial.down.sql": `DROP TABLE "np_users";\n`,
  "migrations/0002_add_source_account_id.sql": `ALTER TABLE "np_users" ADD COLUMN "source_account_id" text;\n`,
  "migrations/0002_add_source_account_id.down.sql": `ALTER TABLE "np_users" DROP COLUMN "source_account_id";\n`,
  "migrations/0003_add_documents_table.sql": `CREATE TABLE "np_documents" ("id" int);\n`,
  "migrations/0003_add_documents_table.down.sql": `DROP TABLE "np_documents";\n`,
}

interface Story {
  readonly dir: string
  readonly env: Readonly<Record<string, string>>
  readonly type: (args: string, more?: Readonly<Record<string, string>>) => Promise<string>
}

async function story(files: Readonly<Record<string, string | Uint8Array>> = FILES): Promise<Story> {
  const { dir, remove } = await project(files)
  const url = await server.database()
  removes.push(remove)
  const env = { DATABASE_URL: url }
  return { dir, env, type: (args, more) => nself(dir, args, { env: { ...env, ...more } }) }
}

test("the spec's story: up to a number, up, status, down, verify", async () => {
  const { type } = await story()
  expect(await type("db migrate up --to 0002")).toMatchInlineSnapshot(`
    "$ nself db migrate up --to 0002
    --- stdout
    Applying 0001_initial.sql ... done (42ms)
    Applying 0002_add_source_account_id.sql ... done (42ms)
    Applied 2 migrations. Database is now at version 0002.
    --- exit 0"
  `)
  expect(await type("db migrate status")).toMatchInlineSnapshot(`
    "$ nself db migrate status
    --- stdout
    Migration status for env: dev

    Applied:
      [x] 0001_initial                2026-05-01 10:00:00
      [x] 0002_add_source_account_id  2026-05-01 10:00:00

    Pending:
      [ ] 0003_add_documents_table    (not yet applied)

    Database is behind schema by 1 migration.
    --- exit 0"
  `)
  expect(await type("db migrate up --dry-run")).toMatchInlineSnapshot(`
    "$ nself db migrate up --dry-run
    --- stdout
    -- migrations/0003_add_documents_table.sql
    CREATE TABLE "np_documents" ("id" int);

    --- exit 0"
  `)
  expect(await type("db migrate up")).toMatchInlineSnapshot(`
    "$ nself db migrate up
    --- stdout
    Applying 0003_add_documents_table.sql ... done (42ms)
    Applied 1 migration. Database is now at version 0003.
    --- exit 0"
  `)
  expect(await type("db migrate up")).toMatchInlineSnapshot(`
    "$ nself db migrate up
    --- stdout
    Nothing to do. Database is at version 0003.
    --- exit 0"
  `)
  expect(await type("db migrate status")).toMatchInlineSnapshot(`
    "$ nself db migrate status
    --- stdout
    Migration status for env: dev

    Applied:
      [x] 0001_initial                2026-05-01 10:00:00
      [x] 0002_add_source_account_id  2026-05-01 10:00:00
      [x] 0003_add_documents_table    2026-05-01 10:00:00

    Pending:
      (none)

    Database is up to date.
    --- exit 0"
  `)
  expect(await type("db migrate verify-checksums")).toMatchInlineSnapshot(`
    "$ nself db migrate verify-checksums
    --- stdout
    Verifying 3 applied migrations...
      [x] 0001_initial                OK
      [x] 0002_add_source_account_id  OK
      [x] 0003_add_documents_table    OK
    All checksums match.
    --- exit 0"
  `)
  expect(await type("db migrate down --dry-run")).toMatchInlineSnapshot(`
    "$ nself db migrate down --dry-run
    --- stdout
    -- migrations/0003_add_documents_table.down.sql
    DROP TABLE "np_documents";

    --- stderr
    This would lose:
      table np_documents: 0 rows
    --- exit 0"
  `)
  expect(await type("db migrate down")).toMatchInlineSnapshot(`
    "$ nself db migrate down
    --- stdout
    Rolling back 0003_add_documents_table.sql ... done (42ms)
    Rolled back 1 migration. Database is now at version 0002.
    --- exit 0"
  `)
  expect(await type("db migrate down --to 0001")).toMatchInlineSnapshot(`
    "$ nself db migrate down --to 0001
    --- stdout
    Rolling back 0002_add_source_account_id.sql ... done (42ms)
    Rolled back 1 migration. Database is now at version 0001.
    --- exit 0"
  `)
  expect(await type("db migrate down --to 0")).toMatchInlineSnapshot(`
    "$ nself db migrate down --to 0
    --- stdout
    Rolling back 0001_initial.sql ... done (42ms)
    Rolled back 1 migration. Database is now at version 0000.
    --- exit 0"
  `)
  expect(await type("db migrate down")).toMatchInlineSnapshot(`
    "$ nself db migrate down
    --- stdout
    Nothing to roll back. Database is at version 0000.
    --- exit 0"
  `)
}, 30_000)

test("a tampered migration: verify says both checksums, up refuses", async () => {
  const { dir, type } = await story()
  await type("db migrate up")
  await Bun.write(join(dir, "migrations/0002_add_source_account_id.sql"), "select 1;\n")
  expect(await type("db migrate verify-checksums")).toMatchInlineSnapshot(`
    "$ nself db migrate verify-checksums
    --- stdout
    Verifying 3 applied migrations...
      [x] 0001_initial                OK
      [!] 0002_add_source_account_id  CHECKSUM MISMATCH
          Expected: sha256:7d983cb32fdfcd3f8266072ad69ae42355d2f0ce510407419d9461beda113fc0
          Got:      sha256:4a45092ccf992ea92250053a80b931b787924ba61648f420555511b84f10ab6c
      [x] 0003_add_documents_table    OK

    ERROR: Applied migration has been modified. This is a schema integrity violation.
    To resolve: restore the original file, or create a new migration for the change.
    --- exit 4"
  `)
  expect(await type("db migrate up")).toMatchInlineSnapshot(`
    "$ nself db migrate up
    --- stderr
    error: migrations/0002_add_source_account_id.sql was altered after it was applied

    hint: nself db migrate verify-checksums
    --- exit 4"
  `)
  expect(await type("db migrate verify-checksums --offline", { DATABASE_URL: "postgres://127.0.0.1:1/x" })).toContain("0002_add_source_account_id  CHECKSUM MISMATCH")
}, 30_000)

test("line ends and a BOM are no tampering", async () => {
  const { dir, type } = await story()
  await type("db migrate up")
  await Bun.write(join(dir, "migrations/0001_initial.sql"), `\uFEFF${FILES["migrations/0001_initial.sql"].replaceAll("\n", "\r\n")}`)
  expect(await type("db migrate verify-checksums")).toContain("All checksums match.")
}, 30_000)

test("two files of one number: check-conflicts names them and their authors, up refuses", async () => {
  const { dir, type } = await story({ "migrations/0004_add_fts_index.sql": "select 1;\n", "migrations/0004_add_notifications.sql": "select 2;\n" })
  await Bun.$`git init -q && git add migrations/0004_add_fts_index.sql && git -c user.name=developer-A -c user.email=a@example.com commit -qm a`.cwd(dir).quiet()
  expect(await type("db migrate status --check-conflicts")).toMatchInlineSnapshot(`
    "$ nself db migrate status --check-conflicts
    --- stdout
    CONFLICT detected:
      0004_add_fts_index.sql (developer-A, hash: 4a4509)
      0004_add_notifications.sql (unknown, hash: ac4396)

    These migrations have the same sequence number but different content.
    Resolution: renumber one of them
      nself db migrate renumber 0004_add_notifications.sql --to 0005
    Then rebase journal
      nself db migrate journal rebase
    --- exit 6"
  `)
  expect(await type("db migrate up")).toMatchInlineSnapshot(`
    "$ nself db migrate up
    --- stderr
    error: two migrations carry number 0004: 0004_add_fts_index.sql, 0004_add_notifications.sql

    hint: nself db migrate renumber 0004_add_notifications.sql --to 0005
    --- exit 6"
  `)
}, 30_000)

test("a late file is refused by name, and applied on request", async () => {
  const { "migrations/0002_add_source_account_id.sql": late, "migrations/0002_add_source_account_id.down.sql": __, ...rest } = FILES
  const { dir, type } = await story(rest)
  await type("db migrate up")
  const again = await project({ ...FILES, "migrations/0002_add_source_account_id.sql": late })
  removes.push(again.remove)
  await Bun.$`cp -r ${again.dir}/migrations ${dir}`.quiet()
  expect(await type("db migrate up")).toMatchInlineSnapshot(`
    "$ nself db migrate up
    --- stderr
    error: 0002_add_source_account_id.sql is older than the last applied migration (0003)

    hint: nself db migrate renumber 0002_add_source_account_id.sql --to 0004, or nself db migrate up --out-of-order
    --- exit 6"
  `)
  expect(await type("db migrate status --exit-code")).toMatchInlineSnapshot(`
    "$ nself db migrate status --exit-code
    --- stdout
    Migration status for env: dev

    Applied:
      [x] 0001_initial                2026-05-01 10:00:00
      [x] 0003_add_documents_table    2026-05-01 10:00:00

    Pending:
      [ ] 0002_add_source_account_id  (not yet applied, older than the last applied migration)

    Database is behind schema by 1 migration.
    --- exit 5"
  `)
  expect(await type("db migrate up --out-of-order")).toMatchInlineSnapshot(`
    "$ nself db migrate up --out-of-order
    --- stdout
    Applying 0002_add_source_account_id.sql ... done (42ms)
    Applied 1 migration. Database is now at version 0003.
    --- exit 0"
  `)
}, 30_000)

test("an SQL error shows file, line, caret and reason; what went before it stays, the rest is not tried", async () => {
  const { type } = await story({ ...FILES, "migrations/0002_add_source_account_id.sql": `ALTER TABLE "np_users"\n  ADD COLUMN "x" texd;\n` })
  expect(await type("db migrate up")).toMatchInlineSnapshot(`
    "$ nself db migrate up
    --- stdout
    Applying 0001_initial.sql ... done (42ms)
    Applying 0002_add_source_account_id.sql ... failed
    Applied 1 migration. Database is now at version 0001.
    --- stderr
    error: migrations/0002_add_source_account_id.sql:2:18: type "texd" does not exist
    2 |   ADD COLUMN "x" texd;
      |                  ^
    SQLSTATE 42704. Nothing of this file was applied; the database is as it was.

    hint: correct migrations/0002_add_source_account_id.sql, then run the command again
    --- exit 1"
  `)
  const json = JSON.parse((await type("db migrate up --json")).split("--- stdout\n")[1]!.split("\n--- stderr")[0]!)
  expect(json.data.steps.map((step: { name: string; state: string }) => `${step.name} ${step.state}`)).toEqual(["0002_add_source_account_id failed", "0003_add_documents_table skipped"])
  expect([json.error.class, json.error.exit_code, json.error.code]).toEqual(["failed", 1, "42704"])
}, 30_000)

test.each<[string, Readonly<Record<string, string>>, string]>([
  ["its own COMMIT", { "migrations/0001_a.sql": "create table t();\ncommit;\n" }, "db migrate up"],
  ["an unterminated string", { "migrations/0001_a.sql": "select 1;\nselect 'abc;\n" }, "db migrate up"],
  ["an empty file", { "migrations/0001_a.sql": "\n" }, "db migrate up"],
  ["a journal that is not JSON", { "migrations/0001_a.sql": "select 1;\n", "migrations/meta/_journal.json": "{" }, "db migrate up"],
  ["a journal with conflict markers", { "migrations/0001_a.sql": "select 1;\n", "migrations/meta/_journal.json": "{\n<<<<<<< HEAD\n}" }, "db migrate status"],
  ["a journal that names a missing file", { "migrations/meta/_journal.json": `{"entries":[{"tag":"0001_a"}]}` }, "db migrate up"],
  ["a journal that misses a file", { "migrations/0001_a.sql": "select 1;\n", "migrations/meta/_journal.json": `{"entries":[]}` }, "db migrate verify-checksums --offline"],
  ["a number that is not there", { "migrations/0001_a.sql": "select 1;\n" }, "db migrate up --to 0009"],
  ["a down file that is missing", { "migrations/0001_a.sql": "select 1;\n" }, "db migrate down"],
])("bad input: %s", async (name, files, args) => {
  const { type } = await story(files)
  if (args.includes("down")) await type("db migrate up")
  expect(`${name}: ${await type(args)}`).toMatchSnapshot()
}, 30_000)

test("production is changed only when it was typed, and rolled back only when the loss was allowed", async () => {
  const { type, env } = await story()
  expect(await type("db migrate up", { NSELF_ENV: "prod" })).toMatchInlineSnapshot(`
    "$ nself db migrate up
    --- stderr
    error: \`nself db migrate up\` would change production, because NSELF_ENV or ENV says so; that must be typed

    hint: nself db migrate up --env prod
    --- exit 3"
  `)
  expect(await type("db migrate up --env prod")).toContain("Applied 3 migrations. Database is now at version 0003.")
  expect(await type("db migrate down --env prod")).toMatchInlineSnapshot(`
    "$ nself db migrate down --env prod
    --- stderr
    error: rolling back 0003_add_documents_table in prod loses data:
      table np_documents: 0 rows
    nothing was changed

    hint: take a backup, or go forward with a new migration; to roll back all the same: nself db migrate down --env prod --allow-data-loss --database app
    --- exit 3"
  `)
  expect(await type(`db migrate down --env prod --allow-data-loss --database ${env["DATABASE_URL"]!.split("/").at(-1)}`)).toContain("Rolled back 1 migration.")
  expect(await nself((await story()).dir, "db migrate up --env prod")).toMatchInlineSnapshot(`
    "$ nself db migrate up --env prod
    --- stderr
    error: no database is configured for env prod

    hint: set DATABASE_URL in .env.prod or in the environment, or give --url
    --- exit 2"
  `)
}, 30_000)

test("a database ahead of the folder is refused, and status says which file is missing", async () => {
  const { dir, type } = await story()
  await type("db migrate up")
  await Bun.$`rm ${dir}/migrations/0003_add_documents_table.sql ${dir}/migrations/0003_add_documents_table.down.sql`
  const journal = join(dir, "migrations/meta/_journal.json")
  const text = await Bun.file(journal).json()
  await Bun.write(journal, JSON.stringify({ ...text, entries: text.entries.slice(0, 2) }))
  expect(await type("db migrate up")).toMatchInlineSnapshot(`
    "$ nself db migrate up
    --- stderr
    error: the database has migrations applied that are not in this folder: 0003_add_documents_table

    hint: update this checkout (git pull), or restore the missing files from git
    --- exit 3"
  `)
  expect(await type("db migrate status")).toContain("(no such file here)")
  expect(await type("db migrate verify-checksums")).toContain("FILE MISSING")
}, 30_000)

test("eight runners at once: each migration is applied once, nobody fails", async () => {
  const { dir, env } = await story()
  const all = await Promise.all(Array.from({ length: 8 }, () => runNself(dir, "db migrate up", { env })))
  expect(all.map(one => one.exit)).toEqual(Array(8).fill(0))
  const applied = all.flatMap(one => one.stdout.match(/done \(/g) ?? [])
  expect(applied).toHaveLength(3)
}, 60_000)

test("a wrong password is never shown", async () => {
  const { dir } = await story()
  const secret = "s3cr3t/p#ss%w"
  const said = await runNself(dir, "db migrate status", { env: { DATABASE_URL: `postgres://nobody:${encodeURIComponent(secret)}@127.0.0.1:1/x` } })
  expect(said.exit).toBe(1)
  expect(said.stdout + said.stderr).not.toContain("s3cr3t")
})

test("every command gives one JSON document", async () => {
  const { type } = await story()
  for (const args of ["up --dry-run", "up", "status", "verify-checksums", "verify-checksums --offline", "status --check-conflicts", "down"]) {
    const said = await type(`db migrate ${args} --json`)
    expect(() => JSON.parse(said.split("--- stdout\n")[1]!.split("\n--- ")[0]!)).not.toThrow()
  }
}, 30_000)

test("a reader that goes away is nobody's fault", async () => {
  const { dir, env } = await story()
  const main = join(import.meta.dir, "../../src/main.ts")
  const said = await Bun.$`${process.execPath} ${main} db migrate up 2>err | true; cat err`.cwd(dir).env({ ...process.env, ...env }).text()
  expect(said).toBe("")
  expect(await nself(dir, "db migrate status", { env })).toContain("Database is up to date.")
}, 30_000)

test("SIGTERM in the middle of a migration: rolled back, exit 143, and the next run goes on", async () => {
  const { dir, env, type } = await story({ "migrations/0001_a.sql": "create table t();\nselect pg_sleep(60);\n" })
  const child = Bun.spawn([process.execPath, join(import.meta.dir, "../../src/main.ts"), "db", "migrate", "up"], { cwd: dir, env: { ...process.env, ...env }, stdout: "pipe", stderr: "pipe" })
  const reader = child.stdout.getReader()
  await reader.read()
  const { Client } = await import("pg")
  const client = new Client(env["DATABASE_URL"])
  await client.connect()
  const sleeping = async (): Promise<boolean> => (await client.query("select from pg_stat_activity where query like '%pg_sleep(60)%' and pid <> pg_backend_pid() and datname = current_database() and state = 'active'")).rowCount !== 0
  for (const end = Date.now() + 10_000; !(await sleeping()) && Date.now() < end;) await Bun.sleep(20)
  child.kill("SIGTERM")
  expect(await child.exited).toBe(143)
  expect(await new Response(child.stderr).text()).toContain("interrupted")
  expect((await client.query("select to_regclass('public.t') as t")).rows).toEqual([{ t: null }])
  expect(await sleeping()).toBe(false)
  await client.end()
  await Bun.write(join(dir, "migrations/0001_a.sql"), "create table t();\n")
  expect(await type("db migrate up")).toContain("Applied 1 migration.")
}, 30_000)

test("with nothing configured the embedded PostgreSQL is used in dev, and said; a journal without checksums is said too", async () => {
  const { dir, remove } = await project({ ...FILES, "migrations/meta/_journal.json": JSON.stringify({ entries: ["0001_initial", "0002_add_source_account_id", "0003_add_documents_table"].map(tag => ({ tag })) }) })
  removes.push(remove)
  expect(await nself(dir, "db migrate up")).toMatchInlineSnapshot(`
    "$ nself db migrate up
    --- stdout
    Applying 0001_initial.sql ... done (42ms)
    Applying 0002_add_source_account_id.sql ... done (42ms)
    Applying 0003_add_documents_table.sql ... done (42ms)
    Applied 3 migrations. Database is now at version 0003.
    --- stderr
    Using the embedded PostgreSQL in .nself/ (no database is configured; DATABASE_URL would name one)
    --- exit 0"
  `)
  expect(await nself(dir, "db migrate down --to 2")).toMatchInlineSnapshot(`
    "$ nself db migrate down --to 2
    --- stdout
    Rolling back 0003_add_documents_table.sql ... done (42ms)
    Rolled back 1 migration. Database is now at version 0002.
    --- stderr
    Using the embedded PostgreSQL in .nself/ (no database is configured; DATABASE_URL would name one)
    --- exit 0"
  `)
  expect(await nself(dir, "db migrate verify-checksums --offline")).toMatchInlineSnapshot(`
    "$ nself db migrate verify-checksums --offline
    --- stdout
    Verifying 3 migrations against the journal...
      [?] 0001_initial                no checksum noted
      [?] 0002_add_source_account_id  no checksum noted
      [?] 0003_add_documents_table    no checksum noted
    No checksum differs, but 3 migrations cannot be checked: the journal notes no checksum (drizzle-kit wrote it).
    --- exit 0"
  `)
}, 60_000)
