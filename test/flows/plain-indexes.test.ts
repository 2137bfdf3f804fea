import { expect, test } from "bun:test"
import { sha256 } from "../../src/core/checksum.ts"
import { plainIndexes } from "../../src/flows/runner/blocking.ts"

const CASES: readonly (readonly [what: string, sql: string, tables: readonly string[]])[] = [
  ["an index on a table that is there", "CREATE INDEX a ON docs (id);", ["docs"]],
  ["one that holds up nobody", "CREATE INDEX CONCURRENTLY a ON docs (id);", []],
  ["one on a table that the file makes", "CREATE TABLE docs (id int); CREATE INDEX a ON docs (id);", []],
  ["one on a table that may have been there", "CREATE TABLE IF NOT EXISTS docs (id int); CREATE INDEX a ON docs (id);", ["docs"]],
  ["one on a table of another schema", "CREATE TABLE x.docs (id int); CREATE INDEX a ON docs (id);", ["docs"]],
  ["one that stands before the table", "CREATE INDEX a ON docs (id); CREATE TABLE docs (id int);", ["docs"]],
]

for (const [what, sql, tables] of CASES) {
  test(`what an index may hold up: ${what}`, async () => {
    expect((await plainIndexes({ path: "migrations/0001_a.sql", text: sql, sha256: sha256(sql) })).map(one => one.table.name)).toEqual([...tables])
  })
}
