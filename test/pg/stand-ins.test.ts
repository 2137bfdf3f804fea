import { afterAll, beforeAll, expect, test } from "bun:test"
import { nself, project, runNself } from "../support/nself.ts"
import { admin, startServer, type TestServer } from "../support/server.ts"

let server: TestServer
const removes: (() => Promise<void>)[] = []
beforeAll(async () => void (server = await startServer(16)), 60_000)
afterAll(async () => void (await Promise.all(removes.map(remove => remove()))))

/** Extensions that the servers have and the embedded PostgreSQL does not carry. */
const UP = `CREATE EXTENSION isn;
CREATE EXTENSION cube;
CREATE EXTENSION earthdistance;
CREATE TABLE "books" ("isbn" isbn13 PRIMARY KEY, "old" isbn, "place" cube, "spot" earth, "title" text DEFAULT 'x');
CREATE INDEX "books_place" ON "books" USING gist ("place");
CREATE INDEX "books_old" ON "books" ("old") WHERE "old" IS NOT NULL;
CREATE VIEW "spots" AS SELECT "isbn", cube_dim("place") AS "n", earth_distance("spot", "spot") AS "d", "place" && "place" AS "o" FROM "books" WHERE is_valid("isbn");
CREATE FUNCTION "shelf"("b" isbn13) RETURNS text LANGUAGE sql AS 'select $1::text';
`

async function story() {
  const { dir, remove } = await project({ "migrations/0001_books.sql": UP, "migrations/0001_books.down.sql": `DROP TABLE "books";\n` })
  const url = await server.database()
  removes.push(remove)
  const env = { DATABASE_URL: url }
  return { url, type: (args: string) => nself(dir, args, { env }), run: (args: string) => runNself(dir, args, { env }), sql: (text: string) => admin(url, text) }
}

test("types of extensions that the shadow lacks are compared as text, and that is said; a real server as the shadow needs no such word", async () => {
  const { url, type, run, sql } = await story()
  expect((await run("db migrate up")).exit).toBe(0)
  expect(await type("db migrate diff")).toMatchInlineSnapshot(`
    "$ nself db migrate diff
    --- stdout
    No drift: the database is what its migrations made (version 0001).

    Not looked at: whether the schema has changes without a migration (no drizzle.config.ts and no src/db/schema in <dir>).

    note: extension isn is not in the embedded PostgreSQL; what needs it was compared as text: column books.isbn, column books.old, constraint books.books_pkey, function shelf(b isbn13), index books_old and 1 more (--shadow-url <url> lets a real server be the shadow)
    note: extension cube is not in the embedded PostgreSQL; what needs it was compared as text: column books.place, extension earthdistance, index books_place, view spots (--shadow-url <url> lets a real server be the shadow)
    note: extension earthdistance is not in the embedded PostgreSQL; what needs it was compared as text: column books.spot, view spots (--shadow-url <url> lets a real server be the shadow)
    --- exit 0"
  `)
  await sql(`drop view spots; create view spots as select isbn from books where title <> 'y'; alter table books alter old type isbn13 using null; drop index books_old; create index books_old on books (old) where old is not null and title <> '';
    alter table books alter title set default 'y', add issue issn; drop index books_place; create index books_place on books using gist (place) where title <> 'x'`)
  expect(await type("db migrate diff --fail-on-drift")).toMatchInlineSnapshot(`
    "$ nself db migrate diff --fail-on-drift
    --- stdout
    Schema drift detected:

    Extra in DB (in DB, not in schema):
      Column: books.issue (issn)

    Changed in DB (in DB otherwise than in schema):
      Column: books.old (isbn)
        schema: isbn
        DB:     isbn13
      Default: books.title
        schema: 'x'
        DB:     'y'
      Index: books_old
        schema: … IS NOT NULL
        DB:     … IS NOT NULL AND title <> ''::text
      Index: books_place
        schema: (nothing)
        DB:       WHERE title <> 'x'::text
      View: spots
        schema:  SELECT isbn,
                    cube_dim(place) AS n,
                    earth_distance(spot, spot) AS d,
                    place && place AS o
                   FROM books
                  WHERE is_valid(isbn)
        DB:      SELECT isbn
                   FROM books
                  WHERE title <> 'y'::text

    To fix: generate a migration or drop the extra column.

    Not looked at: whether the schema has changes without a migration (no drizzle.config.ts and no src/db/schema in <dir>).

    note: extension isn is not in the embedded PostgreSQL; what needs it was compared as text: column books.isbn, column books.issue, column books.old, constraint books.books_pkey, function shelf(b isbn13) and 2 more (--shadow-url <url> lets a real server be the shadow)
    note: extension cube is not in the embedded PostgreSQL; what needs it was compared as text: column books.place, extension earthdistance, index books_place (--shadow-url <url> lets a real server be the shadow)
    note: extension earthdistance is not in the embedded PostgreSQL; what needs it was compared as text: column books.spot (--shadow-url <url> lets a real server be the shadow)
    --- exit 5"
  `)
  const { stdout } = await run(`db migrate diff --json --shadow-url ${url}`)
  const { drift, notes } = JSON.parse(stdout).data
  expect(notes).toEqual([])
  expect([...drift.changed, ...drift.extra].map(({ kind, key }: { kind: string; key: string }) => `${kind} ${key}`).toSorted()).toMatchInlineSnapshot(`
    [
      "column books.issue",
      "column books.old",
      "default books.title",
      "index books_old",
      "index books_place",
      "view spots",
    ]
  `)
}, 120_000)

test("GRANT and CREATE POLICY may name roles that only the server has", async () => {
  const { dir, remove } = await project({
    "migrations/0001_t.sql": `CREATE TABLE "t" ("id" int);\nGRANT SELECT ON "t" TO "nself_reader";\nALTER TABLE "t" ENABLE ROW LEVEL SECURITY;\nCREATE POLICY "p" ON "t" TO "nself_reader" USING ("id" > 3);\n`,
    "migrations/0001_t.down.sql": `DROP TABLE "t";\n`,
  })
  removes.push(remove)
  const env = { DATABASE_URL: await server.database() }
  await admin(server.url, "create role nself_reader")
  expect((await runNself(dir, "db migrate up", { env })).exit).toBe(0)
  expect((await runNself(dir, "db migrate diff", { env })).stdout).toContain("No drift")
  await admin(env.DATABASE_URL, "alter policy p on t using (id between 3 and 5)")
  expect((await runNself(dir, "db migrate diff", { env })).stdout).toContain("Policy: t.p")
}, 60_000)
