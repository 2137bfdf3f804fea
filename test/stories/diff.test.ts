import { afterAll, beforeAll, expect, test } from "bun:test"
import { existsSync } from "node:fs"
import { readdir } from "node:fs/promises"
import { join } from "node:path"
import { nself, project, runNself } from "../support/nself.ts"
import { admin, startServer, type TestServer } from "../support/server.ts"

let server: TestServer
const removes: (() => Promise<void>)[] = []
beforeAll(async () => void (server = await startServer(15)), 60_000)
afterAll(async () => void (await Promise.all(removes.map(remove => remove()))))

const FILES = {
  "drizzle.config.ts": `export default { dialect: "postgresql", schema: "./src/db/schema/*.ts", out: "./migrations" }\n`,
  "migrations/0001_initial.sql": `CREATE TABLE "np_documents" ("id" int PRIMARY KEY, "title" text NOT NULL);\n`,
  "migrations/0001_initial.down.sql": `DROP TABLE "np_documents";\n`,
  "migrations/0002_add_fts.sql": `ALTER TABLE "np_documents" ADD COLUMN "fts_vector" tsvector;\nCREATE INDEX "idx_np_documents_fts" ON "np_documents" USING gin ("fts_vector");\n`,
  "migrations/0002_add_fts.down.sql": `ALTER TABLE "np_documents" DROP COLUMN "fts_vector";\n`,
}
const SCHEMA = (columns: string, more = "") => `import { customType, index, integer, pgTable, text } from "drizzle-orm/pg-core"
const tsvector = customType<{ data: string }>({ dataType: () => "tsvector" })
export const documents = pgTable("np_documents", { id: integer("id").primaryKey(), title: text("title").notNull(), fts: tsvector("fts_vector")${columns} },
  t => [index("idx_np_documents_fts").using("gin", t.fts)])\n${more}`

async function story(files: Readonly<Record<string, string>> = {}) {
  const { dir, remove } = await project({ ...FILES, "src/db/schema/documents.ts": SCHEMA(""), ...files })
  const url = await server.database()
  removes.push(remove)
  const env = { DATABASE_URL: url }
  return { dir, url, type: (args: string) => nself(dir, args, { env }), run: (args: string) => runNself(dir, args, { env }), sql: (text: string) => admin(url, text) }
}

test("the spec's words: a column and an index that were dropped by hand, a table that was made by hand", async () => {
  const { type, sql } = await story()
  await type("db migrate up")
  expect(await type("db migrate diff")).toMatchInlineSnapshot(`
    "$ nself db migrate diff
    --- stdout
    No drift: the database is what its migrations made (version 0002).
    --- exit 0"
  `)
  await sql(`alter table np_documents drop column fts_vector; create table temp_import_2026_05_07 (id int primary key, n text default 'x')`)
  expect(await type("db migrate diff")).toMatchInlineSnapshot(`
    "$ nself db migrate diff
    --- stdout
    Schema drift detected:

    Missing in DB (in schema, not in DB):
      Column: np_documents.fts_vector (tsvector)
      Index: idx_np_documents_fts

    Extra in DB (in DB, not in schema):
      Table: temp_import_2026_05_07

    To fix: generate a migration or drop the extra table.
    --- exit 0"
  `)
  expect(await type("db migrate diff --env staging --fail-on-drift")).toMatchInlineSnapshot(`
    "$ nself db migrate diff --env staging --fail-on-drift
    --- stdout
    Schema drift detected:

    Missing in DB (in schema, not in DB):
      Column: np_documents.fts_vector (tsvector)
      Index: idx_np_documents_fts

    Extra in DB (in DB, not in schema):
      Table: temp_import_2026_05_07

    To fix: generate a migration or drop the extra table.
    --- exit 5"
  `)
  expect(await type("db migrate diff --sql")).toMatchInlineSnapshot(`
    "$ nself db migrate diff --sql
    --- stdout
    -- makes postgres@127.0.0.1:5432/app equal to its migrations at version 0002
    BEGIN;

    DROP TABLE IF EXISTS "temp_import_2026_05_07";
    ALTER TABLE "np_documents" ADD COLUMN "fts_vector" tsvector;
    CREATE INDEX "idx_np_documents_fts" ON "np_documents" USING gin ("fts_vector");

    COMMIT;
    --- exit 0"
  `)
  expect(await type("db migrate diff --github --fail-on-drift")).toMatchInlineSnapshot(`
    "$ nself db migrate diff --github --fail-on-drift
    --- stdout
    ::error title=Schema drift::Missing in DB: Column: np_documents.fts_vector (tsvector)
    ::error title=Schema drift::Missing in DB: Index: idx_np_documents_fts
    ::error title=Schema drift::Extra in DB: Table: temp_import_2026_05_07
    --- exit 5"
  `)
}, 60_000)

test("drift, pending and not generated are kept apart, and both definitions of what changed are shown", async () => {
  const { dir, type, sql } = await story({ "src/db/schema/documents.ts": SCHEMA(`, body: text("body")`, `export const notes = pgTable("np_notes", { id: integer("id").primaryKey() })\n`) })
  await type("db migrate up --to 0001")
  await sql(`alter table np_documents alter title drop not null, add check (length(title) < 100)`)
  expect(await type("db migrate diff")).toMatchInlineSnapshot(`
    "$ nself db migrate diff
    --- stdout
    Schema drift detected:

    Extra in DB (in DB, not in schema):
      Constraint: np_documents.np_documents_title_check (CHECK (length(title) < 100))

    Changed in DB (in DB otherwise than in schema):
      Column: np_documents.title (text)
        schema: text NOT NULL
        DB:     text

    To fix: generate a migration or drop the extra constraint.

    Pending (not yet applied):
      0002_add_fts

    To apply: nself db migrate up

    Not generated (in schema, in no migration yet):

    Only in schema:
      Column: np_documents.body (text)
      Table: np_notes

    To generate: nself db migrate generate --name <name>
    --- exit 0"
  `)
  expect((await readdir(join(dir, ".nself/cache"))).length).toBe(3)
}, 60_000)

test("a second diff replays nothing: the cached history answers, an altered file does not", async () => {
  const { dir, run, sql } = await story()
  await run("db migrate up")
  await sql("drop index idx_np_documents_fts")
  await run("db migrate diff")
  const cached = await readdir(join(dir, ".nself/cache"))
  expect(await Bun.file(join(dir, ".nself/.gitignore")).text()).toBe("*\n")
  expect((await run("db migrate diff")).stdout).toContain("Index: idx_np_documents_fts")
  expect((await readdir(join(dir, ".nself/cache"))).toSorted()).toEqual(cached.toSorted())
  await Bun.write(join(dir, "migrations/0002_add_fts.sql"), `ALTER TABLE "np_documents" ADD COLUMN "fts_vector" tsvector;\n`)
  const { stdout } = await run("db migrate diff --env prod")
  expect(stdout).toContain("No drift")
  expect(stdout).toContain("0002_add_fts was altered after it was applied")
}, 60_000)

test("what other tools own is ignored and counted", async () => {
  const { type, sql } = await story({
    "drizzle.config.ts": `export default { dialect: "postgresql", schema: "./src/db/schema/*.ts", out: "./migrations", schemaFilter: ["public", "app"], tablesFilter: ["!legacy_*"], extensionsFilters: ["postgis"],
      nself: { ignore: ["hdb_catalog", "events_p*", "function:audit*"] } }\n`,
  })
  await type("db migrate up")
  await sql(`create schema hdb_catalog; create table hdb_catalog.meta (id int primary key); create table hdb_catalog.log (id serial); create schema other; create table other.t (id int);
    create table events_p2026 (id serial primary key); create table legacy_users (id int); create table spatial_ref_sys (srid int); create function audit() returns int language sql as 'select 1'; create schema app; create table app.t (id int)`)
  expect(await type("db migrate diff")).toMatchInlineSnapshot(`
    "$ nself db migrate diff
    --- stdout
    Schema drift detected:

    Extra in DB (in DB, not in schema):
      Schema: app
      Table: app.t

    To fix: generate a migration or drop the extra objects.

    Ignored: 9 objects (events_p*: 1, function:audit*: 1, hdb_catalog: 3, schemaFilter: 2, spatial_ref_sys: 1, tablesFilter: 1).
    --- exit 0"
  `)
}, 60_000)

test("a server without schema files and in prod: drift is found, and it is said what was not looked at", async () => {
  const { dir, type } = await story({ "src/db/schema/documents.ts": `throw new Error("never run me")\n` })
  await type("db migrate up")
  expect(await type("db migrate diff --env prod --fail-on-drift")).toMatchInlineSnapshot(`
    "$ nself db migrate diff --env prod --fail-on-drift
    --- stdout
    No drift: the database is what its migrations made (version 0002).

    Not looked at: whether the schema has changes without a migration (no TypeScript of the project is run with --env prod).
    --- exit 0"
  `)
  expect(await type("db migrate diff --env staging --fail-on-drift")).toMatchInlineSnapshot(`
    "$ nself db migrate diff --env staging --fail-on-drift
    --- stdout
    No drift: the database is what its migrations made (version 0002).

    Not looked at: whether the schema has changes without a migration (src/db/schema/documents.ts:1:11: Error: never run me).
    --- exit 0"
  `)
  expect(existsSync(join(dir, ".nself/cache"))).toBe(true)
}, 60_000)

test("two databases against each other, and a real server as the shadow that is left without a trace", async () => {
  const { run, sql, url } = await story()
  const other = await server.database()
  await run("db migrate up")
  await run(`db migrate up --url ${other}`)
  await sql("alter table np_documents add column extra int")
  const against = await run(`db migrate diff --against ${other}`)
  expect(against.stdout).toMatch(/^Schema drift detected:\n\nExtra in DB \(in DB, not in postgres@127.0.0.1:\d+\/\w+\):\n  Column: np_documents.extra \(integer\)\n/)
  const shadow = await run(`db migrate diff --json --shadow-url ${url}`)
  expect(JSON.parse(shadow.stdout).data).toMatchObject({ shadow: expect.stringMatching(/^PostgreSQL 15/), drift: { extra: [{ kind: "column", key: "np_documents.extra", detail: "integer" }] } })
  await admin(url, "do $$ begin if exists (select from pg_database where datname ~ '^nself_shadow') then raise 'left behind'; end if; end $$")
}, 60_000)
