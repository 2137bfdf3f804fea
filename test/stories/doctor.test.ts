import { afterAll, afterEach, beforeAll, expect, test } from "bun:test"
import { appendFile, chmod, stat } from "node:fs/promises"
import { join } from "node:path"
import { Client } from "pg"
import { nself, project, runNself } from "../support/nself.ts"
import { admin, startServer, type TestServer } from "../support/server.ts"

let server: TestServer
const removes: (() => Promise<void>)[] = []
beforeAll(async () => void (server = await startServer(18)), 60_000)
afterEach(async () => void (await Promise.all(removes.splice(0).map(remove => remove()))))
afterAll(async () => void (await Promise.all(removes.map(remove => remove()))))

const FILES = {
  "drizzle.config.json": `{ "dialect": "postgresql", "schema": "./src/db/schema/*.ts", "out": "./migrations" }`,
  "migrations/0001_initial.sql": `CREATE TABLE "np_users" ("id" int PRIMARY KEY, "mail" text);\n`,
  "migrations/0001_initial.down.sql": `DROP TABLE "np_users";\n`,
}

async function story(files: Readonly<Record<string, string>> = {}, { up = true } = {}) {
  const { dir, remove } = await project({ ...FILES, ...files })
  const url = await server.database()
  removes.push(remove)
  const env = { DATABASE_URL: url }
  if (up) expect(await runNself(dir, "db migrate up", { env })).toMatchObject({ exit: 0 })
  const only = async (args: string, more: Readonly<Record<string, string>> = {}) => {
    const said = await runNself(dir, `doctor ${args} --json`, { env: { ...env, ...more } })
    return { exit: said.exit, checks: (JSON.parse(said.stdout) as { data: { checks: { name: string; state: string; summary: string; next: string | null; details: string[]; fixed: boolean }[] } }).data.checks }
  }
  return { dir, url, env, only, sql: (text: string) => admin(url, text) }
}

const masked = (text: string): string => text.replace(/room for \d+ locks, \d+ relations/, "room for 6400 locks, 9 relations").replace(/PostgreSQL 18\.\d+/g, "PostgreSQL 18.4").replace(/postgres@127\.0\.0\.1:5432\/app/g, "app@db")

test("a database that is well", async () => {
  const { dir, env } = await story()
  expect(masked(await nself(dir, "doctor", { env }))).toMatchInlineSnapshot(`
    "$ nself doctor
    --- stdout
    Doctor for env: dev

      pass environment  dev (nothing else was said), no environment files
                        DATABASE_URL from the process environment
      pass config       drizzle.config.json: migrations in migrations, schema in ./src/db/schema/*.ts
      pass migrations   1 migration in migrations, each with its way back
      pass disk         enough room
      pass server       PostgreSQL 18.4 at app@db
      pass tls          not used: the server is on this machine
      pass pooler       no pooler between: statements outside of a transaction can run
      pass settings     room for 6400 locks, 9 relations
      pass rights       postgres may create and alter in public
      pass mark         the database is marked dev
      pass ledger       1 migration applied, the database is at version 0001
      pass checksums    1 applied migration, all as applied
      pass pending      the database is up to date
      pass extensions   none is wanted by a migration
      pass drift        the database is what its migrations made
      pass indexes      all are valid
      pass constraints  all are validated
      pass activity     no other transaction is open

    18 passed.
    --- exit 0"
  `)
})

test("a pending migration is a warning, and the next command is named", async () => {
  const { dir, env } = await story({}, { up: false })
  expect(await nself(dir, "doctor --only pending,ledger", { env })).toMatchInlineSnapshot(`
    "$ nself doctor --only pending,ledger
    --- stdout
    Doctor for env: dev

      pass ledger   none yet: nothing was applied
      warn pending  the database is behind by 1 migration
                    0001_initial
                    next: nself db migrate up

    1 warning, 1 passed.
    --- exit 12"
  `)
})

test("an altered file fails", async () => {
  const { dir, env } = await story()
  await appendFile(join(dir, "migrations/0001_initial.sql"), "-- changed\n")
  expect(await nself(dir, "doctor --only checksums", { env })).toMatchInlineSnapshot(`
    "$ nself doctor --only checksums
    --- stdout
    Doctor for env: dev

      FAIL checksums  1 applied migration was altered
                      0001_initial: CHECKSUM MISMATCH
                      next: nself db migrate verify-checksums

    1 failed, 0 passed.
    --- exit 10"
  `)
})

test("a server that does not answer: what needs it is skipped, the rest is still looked at, the password is masked", async () => {
  const { dir, remove } = await project(FILES)
  removes.push(remove)
  const said = await nself(dir, "doctor", { env: { DATABASE_URL: "postgres://app:s3cr3t-word@127.0.0.1:1/app" } })
  expect(said).not.toContain("s3cr3t-word")
  expect(masked(said)).toMatchInlineSnapshot(`
    "$ nself doctor
    --- stdout
    Doctor for env: dev

      pass environment  dev (nothing else was said), no environment files
                        DATABASE_URL from the process environment
      pass config       drizzle.config.json: migrations in migrations, schema in ./src/db/schema/*.ts
      pass migrations   1 migration in migrations, each with its way back
      pass disk         enough room
      FAIL server       no PostgreSQL answers at 127.0.0.1:1 (user app): connection refused
                        next: start the server, or check the address in DATABASE_URL
      skip tls, pooler, settings, rights, mark, ledger, checksums, pending, extensions, drift, indexes, constraints, activity, tenants: the database could not be opened

    1 failed, 14 skipped, 4 passed.
    --- exit 10"
  `)
})

test("an INVALID index fails; --fix rebuilds it and drops what a broken REINDEX left", async () => {
  const { only, sql, url } = await story()
  await sql(`insert into np_users values (1, 'a'), (2, 'a')`)
  await sql(`create unique index concurrently np_users_mail on np_users (mail)`).catch(() => {})
  await sql(`create unique index concurrently np_users_mail_ccnew on np_users (mail)`).catch(() => {})
  const found = await only("--only indexes")
  expect(found).toMatchObject({ exit: 10, checks: [{ state: "fail", summary: expect.stringContaining("2 indexes are INVALID"), next: 'REINDEX INDEX CONCURRENTLY "public"."np_users_mail"' }] })
  await sql(`delete from np_users where id = 2`)
  const mended = await only("--only indexes --fix")
  expect(mended).toMatchObject({ exit: 0, checks: [{ state: "pass", fixed: true, details: ['fixed: REINDEX INDEX CONCURRENTLY "public"."np_users_mail"', 'fixed: DROP INDEX CONCURRENTLY IF EXISTS "public"."np_users_mail_ccnew"'] }] })
  const client = new Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query("select c.relname, i.indisvalid from pg_index i join pg_class c on c.oid = i.indexrelid where i.indrelid = 'np_users'::regclass order by 1").finally(() => client.end())
  expect(rows).toEqual([{ relname: "np_users_mail", indisvalid: true }, { relname: "np_users_pkey", indisvalid: true }])
})

test("a --fix that PostgreSQL refuses is a failure with PostgreSQL's reason", async () => {
  const { only, sql } = await story()
  await sql(`insert into np_users values (1, 'a'), (2, 'a')`)
  await sql(`create unique index concurrently np_users_mail on np_users (mail)`).catch(() => {})
  expect(await only("--only indexes --fix")).toMatchObject({ exit: 10, checks: [{ state: "fail", summary: expect.stringContaining("23505") }] })
})

test("in production --fix must be typed with --env prod", async () => {
  const { only, sql } = await story()
  await sql(`insert into np_users values (1, 'a'), (2, 'a')`)
  await sql(`create unique index concurrently np_users_mail on np_users (mail)`).catch(() => {})
  expect(await only("--only indexes --fix", { NSELF_ENV: "prod" })).toMatchObject({ exit: 10, checks: [{ state: "fail", summary: expect.stringContaining("must be typed"), fixed: false }] })
})

test("NOT VALID constraints, a half applied migration, an unknown row, another environment's mark", async () => {
  const { only, sql } = await story()
  await sql(`alter table np_users add constraint mail_there check (mail is not null) not valid`)
  expect(await only("--only constraints")).toMatchObject({ exit: 12, checks: [{ state: "warn", next: 'ALTER TABLE "public"."np_users" VALIDATE CONSTRAINT "mail_there"' }] })
  expect(await only("--only mark --env staging")).toMatchObject({ exit: 10, checks: [{ state: "fail", summary: expect.stringContaining("marked dev") }] })
  await sql(`update np_migrations set state = 'running', statement_no = 1`)
  expect(await only("--only ledger")).toMatchObject({ exit: 10, checks: [{ state: "fail", summary: "0001_initial is only half applied", details: ["0001_initial: running, 1 statement done"] }] })
  await sql(`update np_migrations set state = 'applied', version = 7, name = '0007_gone'`)
  expect(await only("--only ledger")).toMatchObject({ exit: 10, checks: [{ state: "fail", summary: expect.stringContaining("the row of 0001_initial was taken out of the ledger"), details: [expect.stringContaining("0007_gone is in the ledger")] }] })
})

test("what was changed by hand is drift", async () => {
  const { only, sql } = await story()
  expect(await only("--only drift")).toMatchObject({ exit: 0, checks: [{ state: "pass" }] })
  await sql(`create table by_hand (id int); alter table np_users drop column mail`)
  expect(await only("--only drift")).toMatchObject({ exit: 10, checks: [{ state: "fail", details: ["missing column np_users.mail", "extra table by_hand"], next: "nself db migrate diff" }] })
})

test("the schemas of tenants are no drift: they have a history each", async () => {
  const { dir, env, only, sql } = await story()
  expect(await runNself(dir, "db tenant create acme-corp", { env })).toMatchObject({ exit: 0 })
  expect(await only("--only drift")).toMatchObject({ exit: 0, checks: [{ state: "pass" }] })
  await sql(`create table tenant_acme_corp.by_hand (id int)`)
  expect(await only("--only drift")).toMatchObject({ exit: 0 })
})

test("a role that may not create, and one that does not own the tables", async () => {
  const { dir, url, only, sql } = await story()
  const role = `r${Date.now()}`
  await sql(`create role ${role} login password 'long-word-1'`)
  const as = { DATABASE_URL: url.replace("postgres@", `${role}:long-word-1@`) }
  expect(await only("--only rights", as)).toMatchObject({ exit: 10, checks: [{ state: "fail", next: `as its owner: GRANT USAGE, CREATE ON SCHEMA public TO ${role}` }] })
  await sql(`grant usage, create on schema public to ${role}`)
  expect(await only("--only rights", as)).toMatchObject({ exit: 12, checks: [{ state: "warn", details: expect.arrayContaining(["np_migrations (postgres)", "np_users (postgres)"]) }] })
  expect((await runNself(dir, "doctor", { env: as })).stdout).not.toContain("long-word-1")
  await sql(`drop owned by ${role}; drop role ${role}`)
})

test("an extension that a migration creates and this server has not", async () => {
  const { only, sql } = await story({ "migrations/0002_geo.sql": `-- "create extension nothing" in a comment is no wish\nCREATE EXTENSION IF NOT EXISTS "citext"; CREATE EXTENSION postgis;\n` }, { up: false })
  expect(await only("--only extensions")).toMatchObject({ exit: 10, checks: [{ state: "fail", summary: "the server does not have postgis, which migrations create" }] })
  await sql("select 1")
})

test("open transactions of others are seen, with who has them", async () => {
  const { only, url } = await story()
  const client = new Client({ connectionString: url, application_name: "reporter" })
  await client.connect()
  await client.query("begin; select 1")
  expect(await only("--only activity")).toMatchObject({ exit: 0, checks: [{ state: "pass", summary: "1 short transaction open" }] })
  await client.query("select pg_advisory_xact_lock(hashtextextended('nself:v1:' || current_database() || ':public', 0))")
  expect(await only("--only activity")).toMatchObject({ exit: 12, checks: [{ state: "warn", summary: "another runner is migrating right now", details: [expect.stringContaining("reporter")] }] })
  await client.end()
})

test("which file won is said, files that others can read are a warning, and --fix closes them and keeps them out of git", async () => {
  const { dir, only } = await story({ ".env": "POSTGRES_HOST=one\nPOSTGRES_PASSWORD=word-one-1\n", ".env.secrets": "POSTGRES_PASSWORD=word-two-2\n", "README.md": "x" })
  await Promise.all([".env", ".env.secrets"].map(file => chmod(join(dir, file), 0o644)))
  Bun.spawnSync(["git", "init", "-q"], { cwd: dir })
  const found = await only("--only environment")
  expect(found).toMatchObject({ exit: 12, checks: [{ state: "warn", summary: "git would take .env.secrets, which holds passwords", details: ["DATABASE_URL from the process environment", "POSTGRES_HOST from .env", "POSTGRES_PASSWORD from .env.secrets, over .env"] }] })
  expect(await only("--only environment --fix")).toMatchObject({ exit: 0, checks: [{ state: "pass", fixed: true }] })
  expect(((await stat(join(dir, ".env"))).mode & 0o777).toString(8)).toBe("600")
  expect(await Bun.file(join(dir, ".gitignore")).text()).toBe(".env.secrets\n")
  expect(await only("--only environment --fix")).toMatchObject({ exit: 0, checks: [{ fixed: false }] })
})

test("a file without its journal entry, and two files of one number", async () => {
  const { dir, only } = await story()
  await Bun.write(join(dir, "migrations/0002_more.sql"), "select 1;\n")
  expect(await only("--only migrations")).toMatchObject({ exit: 10, checks: [{ state: "fail", summary: expect.stringContaining("does not name 0002_more.sql"), next: expect.stringContaining("journal rebase") }] })
  await Bun.write(join(dir, "migrations/0001_twin.sql"), "select 1;\n")
  expect(await only("--only migrations")).toMatchObject({ exit: 10, checks: [{ state: "fail", summary: "two migrations carry number 0001" }] })
})

test("a check that does not exist is a usage error", async () => {
  const { dir } = await story({}, { up: false })
  expect(await nself(dir, "doctor --only chekcsums")).toMatchInlineSnapshot(`
    "$ nself doctor --only chekcsums
    --- stderr
    error: there is no check \`chekcsums\`

    hint: --only checksums
    --- exit 2"
  `)
})
