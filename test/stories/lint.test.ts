import { afterAll, expect, test } from "bun:test"
import { nself, project } from "../support/nself.ts"

const removes: (() => Promise<void>)[] = []
afterAll(async () => void (await Promise.all(removes.map(remove => remove()))))

test("lint says what up would refuse, with its line, and what is worth a look", async () => {
  const { dir, remove } = await project({
    "migrations/0001_a.sql": "CREATE TABLE a (id int);\nCREATE INDEX a_id ON a (id);\n",
    "migrations/0002_b.sql": "CREATE INDEX a_id2 ON a (id);\nCOMMIT;\n\\connect other\n",
    "migrations/0003_c.sql": "ALTER TYPE mood ADD VALUE 'glad';\nINSERT INTO a VALUES ('glad');\nCREATE INDEX CONCURRENTLY ON a (id);\n",
    "migrations/0004_d.sql": "CREATE TABEL d ();\n",
  })
  removes.push(remove)
  expect(await nself(dir, "db migrate lint")).toMatchInlineSnapshot(`
    "$ nself db migrate lint
    --- stdout
    migrations/0002_b.sql:1: warning: CREATE INDEX stops every write to its table while it runs (blocking-index)
      CREATE INDEX CONCURRENTLY for a table over a million rows
    migrations/0002_b.sql:2: error: the file begins or ends a transaction itself; nself runs it in one (own-transaction)
      take BEGIN, COMMIT and ROLLBACK out, or let the file's first line be -- nself:no-transaction
    migrations/0002_b.sql:3: error: only psql knows this command (psql-command)
      write what it would have done as SQL
    migrations/0003_c.sql:1: warning: the new value is used further down, which PostgreSQL allows only after this statement has committed: the file runs statement by statement (new-enum-value)
      put ALTER TYPE … ADD VALUE into a migration of its own
    migrations/0003_c.sql:3: warning: PostgreSQL runs this outside of a transaction: the file runs statement by statement, and one that fails half-way goes on there (no-transaction)
      give it a migration of its own
    migrations/0003_c.sql:3: warning: an index built CONCURRENTLY without a name: what a broken build leaves is found by its definition only (unnamed-index)
      give the index a name
    migrations/0004_d.sql:1: warning: PostgreSQL 18's parser does not understand this; the server will say what is wrong (not-understood)
      look for a missing semicolon or quote
    4 files read, 2 errors, 5 warnings.
    --- exit 3"
  `)
  expect(await nself(dir, "db migrate lint --from 0004")).toContain("1 file read, 0 errors, 1 warning.")
})
