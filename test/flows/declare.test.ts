import { afterAll, afterEach, beforeAll, expect, test } from "bun:test"
import { compare, driftLines } from "../../src/core/compare.ts"
import type { Session } from "../../src/core/types.ts"
import type { DeclaredTable } from "../../src/drizzle/declared.ts"
import { declaredCatalog } from "../../src/flows/declare.ts"
import { inspect } from "../../src/kinds/inspect.ts"
import { openShadow } from "../../src/shadow/shadow.ts"

let shadow: Session
beforeAll(async () => void (shadow = await openShadow({ extensions: ["btree_gist"] })))
afterEach(() => shadow.script("drop schema public cascade; create schema public; drop schema if exists app cascade"))
afterAll(() => shadow.close())

const table = (name: string, columns: readonly string[], schema: string | null = null): DeclaredTable =>
  ({ schema, name, file: "schema.ts", exportName: name, order: 0, columns, hasUpdatedAt: columns.includes("updated_at") })

/** What `generate` would change: the history as SQL, the Drizzle schema as the statements and tables that it is loaded as. */
async function changes(history: string, statements: readonly string[], tables: readonly DeclaredTable[] = []): Promise<string[]> {
  await shadow.script(history)
  const have = await inspect(shadow.query)
  const declared = { statements, tables, snapshot: null, sources: [], drizzleVersion: "0.45.4", notes: [] }
  return driftLines(compare(await declaredCatalog(shadow, { declared, history: have, sqlFiles: [], updatedAtTriggers: true }), have))
}

test("what Drizzle has no words for stays as the history made it (a public project was to lose fillfactor, COLLATE \"C\" and NOT VALID)", async () => {
  const history = `
    create unlogged table t (id int primary key, k text collate "C" not null, r int, during int4range, unique (k, r) deferrable initially deferred,
      exclude using gist (during with &&)) with (fillfactor=85, autovacuum_vacuum_scale_factor=0.02);
    alter table t add constraint fk foreign key (r) references t match full on delete cascade not valid;
    alter table t add constraint positive check (r > 0) not valid;
    create unique index covering on t (r) include (k) nulls not distinct where r > 1`
  const statements = [
    `create table t (id int primary key, k text not null, r int, during int4range, unique (k, r))`, `alter table t add constraint fk foreign key (r) references t on delete cascade`,
    `alter table t add constraint positive check (r > 0)`, `create unique index covering on t (r) where r > 1`,
  ]
  expect(await changes(history, statements)).toEqual([])
})

test("what Drizzle does say still counts, beside what it does not", async () => {
  const history = `create table t (id int primary key, k text collate "C", r int) with (fillfactor=85);
    alter table t add constraint positive check (r > 0) not valid; create index covering on t (r) include (k); create table gone (during int4range, exclude using gist (during with &&))`
  const statements = [
    `create table t (id int primary key, k varchar(20), r int)`, `alter table t add constraint positive check (r > 1)`, `create index covering on t (r desc)`,
  ]
  expect((await changes(history, statements)).toSorted()).toEqual([
    "changed column t.k: text COLLATE \"C\" -> varchar(20)",
    "changed constraint t.positive: CHECK (r > 0) NOT VALID -> CHECK (r > 1)",
    'changed index covering: "t" (r) INCLUDE (k) -> "t" (r DESC)'.replaceAll("(r", '("r"').replace("(k)", '("k")'),
    "extra column gone.during: int4range",
    expect.stringContaining("extra constraint gone.gone_during_excl"),
    "extra table gone: table",
  ])
})

test("a table whose name needs quotes has had its updated_at all along: no trigger (user, webServerSettings)", async () => {
  const tables = [table("user", ["updated_at"]), table("webServerSettings", ["updated_at"]), table("Order", ["updated_at"], "app")]
  const history = `create schema app; create table "user" (updated_at timestamp); create table "webServerSettings" (updated_at timestamp); create table app."Order" (updated_at timestamp)`
  expect(await changes(history, history.split("; "), tables)).toEqual([])
})

test("an updated_at that is new gets its trigger, in a schema of its own too", async () => {
  const lines = await changes("create schema app", ["create schema app", `create table "user" (updated_at timestamp)`, `create table app."Order" (updated_at timestamp)`],
    [table("user", ["updated_at"]), table("Order", ["updated_at"], "app")])
  expect(lines.filter(line => line.startsWith("missing trigger")).map(line => line.split(":")[0]).toSorted()).toEqual(['missing trigger "user".user_updated_at', 'missing trigger app."Order".Order_updated_at'])
})
