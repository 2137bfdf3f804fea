import { afterEach, beforeAll, expect, test } from "bun:test"
import { ask } from "../support/migrating.ts"
import { nself, project, runNself } from "../support/nself.ts"
import { startServer, type TestServer } from "../support/server.ts"

let server: TestServer
const removes: (() => Promise<void>)[] = []
beforeAll(async () => void (server = await startServer(18)), 60_000)
afterEach(async () => void (await Promise.all(removes.splice(0).map(remove => remove()))))

const CONFIG = { "drizzle.config.ts": `export default { dialect: "postgresql", schema: "./schema.ts", out: "./migrations" }\n` }
const hash = (text: string): string => new Bun.CryptoHasher("sha256").update(text).digest("hex")
const at = (url: string) => ({ env: { DATABASE_URL: url } })

async function story(files: Readonly<Record<string, string>>): Promise<string> {
  const { dir, remove } = await project({ ...CONFIG, ...files })
  removes.push(remove)
  return dir
}

async function listed(dir: string): Promise<readonly string[]> {
  return [...new Bun.Glob("**/*").scanSync({ cwd: `${dir}/migrations`, onlyFiles: true })].toSorted()
}

/** A history of drizzle-kit with what real ones have: times that run backwards, one idx twice, a file without entry, an entry without file, statements without semicolon, COMMIT by hand, CONCURRENTLY, a role, a new enum value used at once. */
const SQL: Readonly<Record<string, string>> = {
  "0000_users": `CREATE TABLE "users" ("id" serial PRIMARY KEY, "email" text NOT NULL)\n--> statement-breakpoint\nCREATE TYPE "mood" AS ENUM('good');\n`,
  "0001_role": `CREATE ROLE nself_story_role NOLOGIN;--> statement-breakpoint\nGRANT SELECT ON "users" TO nself_story_role;\n`,
  "0002_index": `COMMIT;--> statement-breakpoint\nCREATE INDEX CONCURRENTLY "users_email" ON "users" ("email");--> statement-breakpoint\nALTER TABLE "users" ADD COLUMN "at" timestamp;\n`,
  "0002_notes": `BEGIN;\nCREATE TABLE "public"."notes" ("id" int PRIMARY KEY, "user_id" int REFERENCES "public"."users"("id"));\nINSERT INTO "notes" VALUES (1, NULL);\nCOMMIT;\n`,
  "0003_mood": `ALTER TYPE "mood" ADD VALUE 'bad';--> statement-breakpoint\nALTER TABLE "users" ADD COLUMN "mood" "mood" DEFAULT 'bad';\n`,
  "0004_rename": `ALTER TABLE "users" RENAME COLUMN "email" TO "mail";\n`,
}
const ENTRIES = [["0000_users", 0, 500], ["0001_role", 1, 400], ["0002_index", 2, 600], ["0002_notes", 2, 550], ["0009_lost", 9, 560], ["0003_mood", 4, 700], ["0004_rename", 5, 800]] as const

function drizzleFiles(): Readonly<Record<string, string>> {
  const entries = ENTRIES.map(([tag, idx, when]) => ({ idx, version: "5", when, tag, breakpoints: true }))
  const snapshot = (id: string, prevId: string): string => JSON.stringify({ id, prevId, version: "5", dialect: "pg", tables: {}, enums: {}, schemas: {} })
  return {
    ...Object.fromEntries(Object.entries(SQL).map(([tag, text]) => [`migrations/${tag}.sql`, text])),
    "migrations/0003_draft.sql": "DROP TABLE users;\n",
    "migrations/meta/_journal.json": JSON.stringify({ version: "5", dialect: "pg", entries }),
    "migrations/meta/0000_snapshot.json": snapshot("00000000-0000-0000-0000-000000000000", ""), "migrations/meta/0004_snapshot.json": snapshot("c", "b"),
  }
}

/** As drizzle-orm's migrator leaves a database: its table, by hash, and what the files made. */
async function drizzled(url: string, tags: readonly string[]): Promise<void> {
  await ask(url, "create schema drizzle; create table drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)")
  for (const tag of tags) {
    const statements = SQL[tag]!.split("--> statement-breakpoint").flatMap(part => (tag === "0002_notes" ? [part] : part.split(";"))).filter(one => one.trim() !== "" && !/^\s*COMMIT\s*$/.test(one))
    for (const statement of statements) await ask(url, statement.replace(/CREATE ROLE (\w+) NOLOGIN/, (_, role: string) => `do $$ begin create role ${role}; exception when duplicate_object then null; end $$`))
    await ask(url, `insert into drizzle.__drizzle_migrations (hash, created_at) values ('${hash(SQL[tag]!)}', ${ENTRIES.find(one => one[0] === tag)![2]})`)
  }
}

test("drizzle-kit with all the odd things of real histories: adopted, recorded by hash, proved both ways, and it goes on from there", async () => {
  const dir = await story(drizzleFiles())
  const [whole, part, fresh] = [await server.database(), await server.database(), await server.database()]
  await drizzled(whole, Object.keys(SQL))
  await drizzled(part, ["0000_users", "0001_role", "0002_notes"])
  expect(await nself(dir, "db migrate adopt", at(whole))).toMatchInlineSnapshot(`
    "$ nself db migrate adopt
    --- stdout
    Adopted 6 migrations of drizzle from migrations:
      0000_users   mended
          1 statement had no semicolon in front of a breakpoint
      0001_role    mended
          its role is made only where the cluster does not have it
      0002_index   mended
          runs statement by statement, because it begins and ends transactions itself
      0003_notes   from migrations/0002_notes.sql
          its BEGIN and COMMIT were taken out: nself runs it in one transaction
      0004_mood    from migrations/0003_mood.sql
      0005_rename  from migrations/0004_rename.sql

    warning: 0001_role: its time in the journal is not behind the one before it; nself goes by the order
    warning: 0002_notes: its time in the journal is not behind the one before it; nself goes by the order
    warning: 0002_notes: another entry has idx 2 too
    warning: 0009_lost is in the journal, and its file is gone; it was left out
    warning: migrations/0003_draft.sql was never run; it is now migrations/unlisted/0003_draft.sql
    Ways back: 0 own, 6 made and proved with rows, 0 made and proved on empty tables, 0 none.
    Replayed on embedded PostgreSQL 18.6.

    postgres@127.0.0.1:5432/app: 6 migrations applied, by drizzle.__drizzle_migrations; recorded in np_migrations.
    Shown on embedded PostgreSQL 18.6: the database is what these files make.
    --- exit 0"
  `)
  expect(await listed(dir)).toMatchInlineSnapshot(`
    [
      "0000_users.down.sql",
      "0000_users.sql",
      "0001_role.down.sql",
      "0001_role.sql",
      "0002_index.down.sql",
      "0002_index.sql",
      "0003_notes.down.sql",
      "0003_notes.sql",
      "0004_mood.down.sql",
      "0004_mood.sql",
      "0005_rename.down.sql",
      "0005_rename.sql",
      "meta/0000_snapshot.json",
      "meta/0005_snapshot.json",
      "meta/_journal.json",
      "unlisted/0003_draft.sql",
    ]
  `)
  expect(await Bun.file(`${dir}/migrations/0005_rename.down.sql`).text()).toContain(`ALTER TABLE "users" RENAME COLUMN "mail" TO "email";`)
  // the first snapshot was made by drizzle-kit pull, the last one named one that is gone
  expect(JSON.parse(await Bun.file(`${dir}/migrations/meta/0005_snapshot.json`).text())).toMatchObject({ id: "c", prevId: "00000000-0000-0000-0000-000000000000" })
  expect(await nself(dir, "db migrate status --check-conflicts")).toContain("No conflicts: 6 migrations")
  expect(await nself(dir, "db migrate up", at(whole))).toContain("Nothing to do. Database is at version 0005.")
  expect(await nself(dir, "db migrate verify-checksums", at(whole))).toContain("All checksums match.")
  expect(await nself(dir, "db migrate down --to 0001", at(whole))).toContain("Rolled back 4 migrations.")
  expect(await nself(dir, "db migrate up", at(whole))).toContain("Applied 4 migrations.")
  // only the database is left to do in the next environment; 0002_index was never applied there, though it is older than 0002_notes
  expect(await nself(dir, "db migrate adopt", at(part))).toMatchInlineSnapshot(`
    "$ nself db migrate adopt
    --- stdout
    postgres@127.0.0.1:5432/app: 3 migrations applied, by drizzle.__drizzle_migrations; recorded in np_migrations.
    warning: 0002_index is not applied, though newer ones are: nself db migrate up --out-of-order
    Shown on embedded PostgreSQL 18.6: the database is what these files make.
    --- exit 0"
  `)
  expect(await nself(dir, "db migrate up --out-of-order", at(part))).toContain("Applied 3 migrations.")
  expect(await nself(dir, "db migrate up", at(fresh))).toContain("Applied 6 migrations.")
}, 180_000)

test("drizzle-kit 1.0: a folder for each migration, known by name", async () => {
  const dir = await story({
    "migrations/20260101120000_first/migration.sql": `CREATE TABLE "a" ("id" int PRIMARY KEY);\n`, "migrations/20260101120000_first/snapshot.json": "{}",
    "migrations/20260201120000_second.part/migration.sql": `ALTER TABLE "a" ADD COLUMN "b" text;\n`,
  })
  const url = await server.database()
  await ask(url, `create schema drizzle; create table drizzle.__drizzle_migrations (id serial, hash text, created_at bigint, name text, applied_at timestamptz); create table a (id int primary key);
    insert into drizzle.__drizzle_migrations (hash, name) values ('x', '20260101120000_first')`)
  expect(await nself(dir, "db migrate adopt", at(url))).toMatchInlineSnapshot(`
    "$ nself db migrate adopt
    --- stdout
    Adopted 2 migrations of drizzle-folders from migrations:
      0001_first        from migrations/20260101120000_first/migration.sql
      0002_second_part  from migrations/20260201120000_second.part/migration.sql

    Ways back: 0 own, 2 made and proved with rows, 0 made and proved on empty tables, 0 none.
    Replayed on embedded PostgreSQL 18.6.

    postgres@127.0.0.1:5432/app: 1 migration applied, by drizzle.__drizzle_migrations; recorded in np_migrations.
    warning: 0001_first.sql was altered after it was applied
    Shown on embedded PostgreSQL 18.6: the database is what these files make.
    --- exit 0"
  `)
  expect((await listed(dir)).filter(path => path.endsWith(".sql"))).toEqual(["0001_first.down.sql", "0001_first.sql", "0002_second_part.down.sql", "0002_second_part.sql", "20260101120000_first/migration.sql", "20260201120000_second.part/migration.sql"])
  expect(await nself(dir, "db migrate up", at(url))).toContain("Applied 1 migration. Database is now at version 0002.")
}, 90_000)

test("Hasura: up and down files, the state in hdb_catalog; a live database that is not what the files make is told so", async () => {
  const dir = await story({
    "hasura/migrations/default/1600000000000_init/up.sql": "SET check_function_bodies = false;\nCREATE TABLE public.people (id int PRIMARY KEY);\n",
    "hasura/migrations/default/1600000000000_init/down.sql": "-- Could not auto-generate a down migration.\n",
    "hasura/migrations/default/1600000000001_nick/up.sql": `alter table "public"."people" add column "nick" text null;\n`,
    "hasura/migrations/default/1600000000001_nick/down.sql": `alter table "public"."people" drop column "nick";\n`,
  })
  const url = await server.database()
  await ask(url, `create schema hdb_catalog; create table hdb_catalog.hdb_version (hasura_uuid uuid, version text, cli_state jsonb);
    insert into hdb_catalog.hdb_version (cli_state) values ('{"migrations": {"default": {"1600000000000": false}}}'); create table people (id int primary key, extra text)`)
  expect(await nself(dir, "db migrate adopt --strip-public", at(url))).toMatchInlineSnapshot(`
    "$ nself db migrate adopt --strip-public
    --- stdout
    Adopted 2 migrations of hasura from hasura/migrations/default:
      0001_init  from hasura/migrations/default/1600000000000_init/up.sql
          "public". was taken out
      0002_nick  from hasura/migrations/default/1600000000001_nick/up.sql
          "public". was taken out

    Ways back: 1 own, 1 made and proved with rows, 0 made and proved on empty tables, 0 none.
    Replayed on embedded PostgreSQL 18.6.

    postgres@127.0.0.1:5432/app: 1 migration applied, by hdb_catalog.hdb_version; recorded in np_migrations.
    The database is not what these files make (embedded PostgreSQL 18.6):
      extra column people.extra: text
    --- exit 5"
  `)
  expect(await Bun.file(`${dir}/migrations/0002_nick.sql`).text()).toBe(`alter table "people" add column "nick" text null;\n`)
  expect(await Bun.file(`${dir}/migrations/0002_nick.down.sql`).text()).toBe(`alter table "people" drop column "nick";\n`)
}, 90_000)

test("dbmate and node-pg-migrate: both ways in one file, the tables that each keeps", async () => {
  const dbmate = await story({
    "db/migrations/20200101000000_a.sql": "-- migrate:up\ncreate table a (id int);\n\n-- migrate:down\ndrop table a;\n",
    "db/migrations/20200102000000_b.sql": "-- migrate:up transaction:false\ncreate index concurrently a_id on a (id);\n-- migrate:down\n",
  })
  const first = await server.database()
  await ask(first, "create table schema_migrations (version varchar(128) primary key); insert into schema_migrations values ('20200101000000'); create table a (id int)")
  expect(await nself(dbmate, "db migrate adopt", at(first))).toMatchInlineSnapshot(`
    "$ nself db migrate adopt
    --- stdout
    Adopted 2 migrations of dbmate from db/migrations:
      0001_a  from db/migrations/20200101000000_a.sql
      0002_b  from db/migrations/20200102000000_b.sql
          runs outside of a transaction, as before

    Ways back: 1 own, 1 made and proved with rows, 0 made and proved on empty tables, 0 none.
    Replayed on embedded PostgreSQL 18.6.

    postgres@127.0.0.1:5432/app: 1 migration applied, by public.schema_migrations; recorded in np_migrations.
    Shown on embedded PostgreSQL 18.6: the database is what these files make.
    --- exit 0"
  `)
  expect(await nself(dbmate, "db migrate up", at(first))).toContain("Applied 1 migration.")

  const node = await story({ "sql/1600000000000_a.sql": "-- Up Migration\ncreate table a (id int);\n-- Down Migration\ndrop table a;\n", "sql/1600000000001_b.sql": "-- Up Migration\nalter table a add b int;\n" })
  const second = await server.database()
  await ask(second, "create table pgmigrations (id serial primary key, name varchar(255) not null, run_on timestamp not null); insert into pgmigrations (name, run_on) values ('1600000000000_a', now()), ('1600000000001_b', now()); create table a (id int, b int)")
  expect(await nself(node, "db migrate adopt --source sql", at(second))).toContain("2 migrations applied, by public.pgmigrations; recorded in np_migrations.\nShown on embedded PostgreSQL 18.6: the database is what these files make.")
  expect((await listed(node)).filter(path => path.endsWith(".sql"))).toEqual(["0001_a.down.sql", "0001_a.sql", "0002_b.down.sql", "0002_b.sql"])
  expect((await runNself(node, "db migrate adopt", at(second))).stderr).toContain("has nself's ledger already")
}, 120_000)

test("nothing to adopt is a usage error that says how to name it", async () => {
  const dir = await story({})
  expect(await nself(dir, "db migrate adopt --from dbmate --source db")).toMatchInlineSnapshot(`
    "$ nself db migrate adopt --from dbmate --source db
    --- stderr
    error: no migrations of dbmate were found in db

    hint: nself db migrate adopt --from <drizzle|drizzle-folders|dbmate|node-pg-migrate|hasura> --source <folder>
    --- exit 2"
  `)
})
