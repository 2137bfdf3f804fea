import { afterAll, beforeAll, expect, test } from "bun:test"
import { join } from "node:path"
import { ask } from "../support/migrating.ts"
import { push } from "../../src/flows/drift/push.ts"
import { contextAt } from "../support/context.ts"
import { nself, project, runNself } from "../support/nself.ts"
import { admin, startServer, type TestServer } from "../support/server.ts"

let server: TestServer
const removes: (() => Promise<void>)[] = []
beforeAll(async () => void (server = await startServer(16)), 60_000)
afterAll(async () => void (await Promise.all(removes.map(remove => remove()))))

const CONFIG = `export default { dialect: "postgresql", schema: "./src/db/schema/*.ts", out: "./migrations" }\n`
const schema = (columns: string, more = "") => `import { index, integer, pgEnum, pgTable, text, varchar, timestamp, date, check, pgPolicy, pgView } from "drizzle-orm/pg-core"
import { sql } from "drizzle-orm"
export const users = pgTable("np_users", { id: integer("id").primaryKey(), ${columns} })\n${more}`

async function story(text: string, files: Readonly<Record<string, string>> = {}) {
  const { dir, remove } = await project({ "drizzle.config.ts": CONFIG, "src/db/schema/users.ts": text, ...files })
  const url = await server.database()
  removes.push(remove)
  const env = { DATABASE_URL: url }
  return {
    dir, url, type: (args: string) => nself(dir, args, { env }), run: (args: string) => runNself(dir, args, { env }), sql: (text: string) => admin(url, text),
    edit: (text: string) => Bun.write(join(dir, "src/db/schema/users.ts"), text), ask: <R>(sql: string) => ask<R>(url, sql),
  }
}

test("push shows the statements, runs them in one transaction, and has nothing to do the second time", async () => {
  const { type, edit, sql } = await story(schema(`email: text("email").notNull()`))
  expect(await type("db migrate push")).toMatchInlineSnapshot(`
    "$ nself db migrate push
    --- stdout
    CREATE TABLE "np_users" (
      "id" integer PRIMARY KEY NOT NULL,
      "email" text NOT NULL
    );
    --- stderr
    error: nobody is there to say yes, so nothing was changed

    hint: look at the statements above, then: nself db migrate push --yes
    --- exit 2"
  `)
  expect(await type("db migrate push --yes")).toMatchInlineSnapshot(`
    "$ nself db migrate push --yes
    --- stdout
    CREATE TABLE "np_users" (
      "id" integer PRIMARY KEY NOT NULL,
      "email" text NOT NULL
    );

    Pushed 1 statement to postgres@127.0.0.1:5432/app. No migration was written: nself db migrate generate --name <name> writes one.
    --- exit 0"
  `)
  expect(await type("db migrate push --yes")).toMatchInlineSnapshot(`
    "$ nself db migrate push --yes
    --- stdout
    Nothing to push: postgres@127.0.0.1:5432/app is what the schema says.
    --- exit 0"
  `)
  await sql("insert into np_users values (1, 'a@b'); create function mine() returns int language sql as 'select 1'; create table hand (id int); create schema hdb_catalog; create table hdb_catalog.t (id int)")
  await edit(schema(`email: text("email").notNull(), age: integer("age").notNull()`))
  expect(await type("db migrate push --yes")).toMatchInlineSnapshot(`
    "$ nself db migrate push --yes
    --- stderr
    error: column "age" of relation "np_users" contains null values

    ALTER TABLE "np_users" ADD COLUMN "age" integer NOT NULL

    SQLSTATE 23502. Nothing was changed.

    hint: change the schema, or the rows that are in the way, then push again
    --- exit 1"
  `)
  await edit(schema(`email: text("email").notNull(), age: integer("age").notNull().default(3)`, `export const hand = pgTable("hand", { id: integer("id") })\n`))
  expect(await type("db migrate push --yes")).toMatchInlineSnapshot(`
    "$ nself db migrate push --yes
    --- stdout
    ALTER TABLE "np_users" ADD COLUMN "age" integer DEFAULT 3 NOT NULL;

    Ignored: 2 objects (hdb_catalog: 2).

    Pushed 1 statement to postgres@127.0.0.1:5432/app. No migration was written: nself db migrate generate --name <name> writes one.
    --- exit 0"
  `)
}, 120_000)

test("a statement that loses data is named and allowed by name, or nothing happens; what has no rows loses nothing", async () => {
  const { type, run, edit, sql, ask } = await story(schema(`nick: text("nick"), born: timestamp("born"), empty: text("empty"), name: varchar("name", { length: 50 })`, `export const old = pgTable("np_old", { id: integer("id") })\n`))
  await run("db migrate push --yes")
  await sql("insert into np_users (id, nick, born, name) values (1, 'x', '2020-01-01 10:00', 'long name'); insert into np_old values (1)")
  await edit(schema(`born: date("born"), name: varchar("name", { length: 20 })`))
  expect(await type("db migrate push --yes")).toMatchInlineSnapshot(`
    "$ nself db migrate push --yes
    --- stdout
    DROP TABLE IF EXISTS "np_old";
    ALTER TABLE "np_users" DROP COLUMN "empty";
    ALTER TABLE "np_users" DROP COLUMN "nick";
    ALTER TABLE "np_users" ALTER COLUMN "born" SET DATA TYPE date USING "born"::date;
    ALTER TABLE "np_users" ALTER COLUMN "name" SET DATA TYPE varchar(20);

    loses data: table np_old is dropped
    loses data: column np_users.nick is dropped
    loses data: values of column np_users.born change on the way from timestamp to date
    --- stderr
    error: this loses data, and nothing was changed:
      table np_old is dropped
      column np_users.nick is dropped
      values of column np_users.born change on the way from timestamp to date

    hint: if the data may go: nself db migrate push --accept-loss np_old --accept-loss np_users.nick --accept-loss np_users.born
    --- exit 3"
  `)
  expect(await ask("select nick, name from np_users")).toEqual([{ nick: "x", name: "long name" }])
  expect(await type("db migrate push --yes --accept-loss np_old --accept-loss np_users.nick --accept-loss np_users.born")).toMatchInlineSnapshot(`
    "$ nself db migrate push --yes --accept-loss np_old --accept-loss np_users.nick --accept-loss np_users.born
    --- stdout
    DROP TABLE IF EXISTS "np_old";
    ALTER TABLE "np_users" DROP COLUMN "empty";
    ALTER TABLE "np_users" DROP COLUMN "nick";
    ALTER TABLE "np_users" ALTER COLUMN "born" SET DATA TYPE date USING "born"::date;
    ALTER TABLE "np_users" ALTER COLUMN "name" SET DATA TYPE varchar(20);

    loses data: table np_old is dropped
    loses data: column np_users.nick is dropped
    loses data: values of column np_users.born change on the way from timestamp to date

    Pushed 5 statements to postgres@127.0.0.1:5432/app. No migration was written: nself db migrate generate --name <name> writes one.
    --- exit 0"
  `)
  expect(await ask("select born::text from np_users")).toEqual([{ born: "2020-01-01" }])
}, 120_000)

test("a rename is asked for and keeps the data; a changed check, policy, view and an enum value used at once are pushed", async () => {
  const more = (body: string, where: string) => `export const mood = pgEnum("mood", ["sad"${body}])
export const notes = pgTable("np_notes", { id: integer("id"), mood: mood("mood").default("${body ? "ok" : "sad"}") }, t => [check("np_notes_id", sql\`id > ${body ? 1 : 0}\`), pgPolicy("own", { for: "select", using: sql\`id > ${body ? 1 : 0}\` })])
export const view = pgView("np_view", { id: integer("id") }).as(sql\`select id from np_notes where ${where}\`)\n`
  const { type, run, edit, sql, ask } = await story(schema(`mail: text("mail")`, more("", "id > 5")))
  expect((await run("db migrate push --yes")).exit).toBe(0)
  await sql("insert into np_users values (1, 'a@b')")
  await edit(schema(`email: text("email")`, more(`, "ok"`, "id > 6")))
  expect((await run("db migrate push --yes")).stderr).toContain("--rename np_users.mail=np_users.email")
  expect(await type("db migrate push --yes --rename np_users.mail=email")).toMatchInlineSnapshot(`
    "$ nself db migrate push --yes --rename np_users.mail=email
    --- stdout
    ALTER TABLE "np_users" RENAME COLUMN "mail" TO "email";
    DROP POLICY "own" ON "np_notes";
    ALTER TABLE "np_notes" DROP CONSTRAINT "np_notes_id";
    ALTER TABLE "np_notes" ALTER COLUMN "mood" DROP DEFAULT;
    ALTER TYPE "mood" RENAME TO "mood__old";
    CREATE TYPE "mood" AS ENUM ('sad', 'ok');
    ALTER TABLE "np_notes" ALTER COLUMN "mood" SET DATA TYPE "mood" USING "mood"::text::"mood";
    DROP TYPE "mood__old";
    ALTER TABLE "np_notes" ADD CONSTRAINT "np_notes_id" CHECK (id > 1);

    CREATE OR REPLACE VIEW "np_view" AS
     SELECT id
       FROM np_notes
      WHERE id > 6;

    CREATE POLICY "own" ON "np_notes" AS PERMISSIVE FOR SELECT TO public
      USING (id > 1);

    ALTER TABLE "np_notes" ALTER COLUMN "mood" SET DEFAULT 'ok';

    Pushed 12 statements to postgres@127.0.0.1:5432/app. No migration was written: nself db migrate generate --name <name> writes one.
    --- exit 0"
  `)
  expect(await ask("select email from np_users")).toEqual([{ email: "a@b" }])
  expect((await run("db migrate push --yes")).stdout).toContain("Nothing to push")
}, 120_000)

test("push is for dev only: staging and prod are refused, by name and by the database's own mark", async () => {
  const { type, run, url } = await story(schema(`email: text("email")`))
  for (const env of ["staging", "prod"]) expect((await run(`db migrate push --env ${env} --yes`)).exit).toBe(3)
  await run(`db mark --env prod --database ${url.split("/").at(-1)}`)
  expect((await type("db migrate push --yes")).replace(/since [\d-]+/, "since today")).toMatchInlineSnapshot(`
    "$ nself db migrate push --yes
    --- stderr
    error: this database is marked prod (since today), whatever --env says; \`nself db migrate push\` is for dev only; nothing was changed

    hint: check --url and DATABASE_URL
    --- exit 3"
  `)
}, 60_000)

test("on a terminal the statements are shown and asked about; a no changes nothing", async () => {
  const { dir, url, ask } = await story(schema(`email: text("email")`))
  const said: string[] = []
  const answer = (typed: string) => push({ ...contextAt(dir, { DATABASE_URL: url }, async () => typed), talk: line => void said.push(line) },
    { env: null, url: null, shadowUrl: null, acceptLoss: [], renames: [], noRenames: false, yes: false, dryRun: false })
  expect(await answer("no")).toMatchObject({ status: "refused", failure: { exit: "refused" } })
  expect(said.join("\n")).toContain(`CREATE TABLE "np_users"`)
  expect(await ask("select to_regclass('np_users') as t")).toEqual([{ t: null }])
  expect(await answer("yes")).toMatchObject({ status: "pushed", failure: null })
  expect(await ask("select to_regclass('np_users')::text as t")).toEqual([{ t: "np_users" }])
}, 60_000)
