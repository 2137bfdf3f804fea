import { afterAll, afterEach, beforeAll, expect, test } from "bun:test"
import { compare, driftLines } from "../../src/core/compare.ts"
import type { Session } from "../../src/core/types.ts"
import type { Catalog } from "../../src/core/catalog.ts"
import type { CutName, Declared, DeclaredTable } from "../../src/drizzle/declared.ts"
import { declaredCatalog } from "../../src/flows/generate/declare.ts"
import { notesOf } from "../../src/flows/generate/notes.ts"
import { inspect } from "../../src/kinds/inspect.ts"
import { openShadow } from "../../src/shadow/shadow.ts"

let shadow: Session
beforeAll(async () => void (shadow = await openShadow()))
afterEach(() => shadow.script("drop schema public cascade; create schema public; drop schema if exists app cascade; drop extension if exists vector, citext, hstore"))
afterAll(() => shadow.close())

const table = (name: string, columns: readonly string[], schema: string | null = null): DeclaredTable =>
  ({ schema, name, file: "schema.ts", exportName: name, order: 0, columns, hasUpdatedAt: columns.includes("updated_at") })

const declaredOf = (statements: readonly string[], tables: readonly DeclaredTable[] = [], cut: readonly CutName[] = []): Declared =>
  ({ statements, tables, sources: [], drizzleVersion: "0.45.4", cut })

async function catalogs(history: string, declared: Declared, sql?: string): Promise<{ readonly want: Catalog; readonly have: Catalog }> {
  await shadow.script(history)
  const have = await inspect(shadow.query)
  const sqlFiles = sql === undefined ? [] : [{ path: "src/db/sql/all.sql", text: sql, sha256: "" }]
  return { want: await declaredCatalog(shadow, { declared, history: have, sqlFiles, updatedAtTriggers: true }), have }
}

/** What `generate` would change: the history as SQL, the Drizzle schema as the statements and tables that it is loaded as. */
async function changes(history: string, statements: readonly string[], tables: readonly DeclaredTable[] = []): Promise<string[]> {
  const { want, have } = await catalogs(history, declaredOf(statements, tables))
  return driftLines(compare(want, have))
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

const VECTORS = `create table t (id int primary key, e vector(3), w citext)`

test("an extension that a Drizzle type, operator class or default needs is made with it (a public project's `type vector does not exist`)", async () => {
  const statements = [VECTORS, `create index near on t using hnsw (e vector_cosine_ops)`, `create table u (id uuid default uuid_generate_v4(), n text)`, `create index like_n on u using gin (n gin_trgm_ops)`]
  const { want, have } = await catalogs("select 1", declaredOf(statements))
  expect([...want.objects.keys()].filter(id => id.startsWith("extension:")).toSorted()).toEqual(["extension:citext", "extension:pg_trgm", "extension:uuid-ossp", "extension:vector"])
  expect(notesOf(declaredOf(statements), want, have)).toContain("this migration makes extension vector; whoever applies it needs the right to")
})

test("an extension that the history has is neither made again nor dropped when nothing needs it any more", async () => {
  expect(await changes(`create extension vector; create extension citext; ${VECTORS}`, [VECTORS])).toEqual([])
  await shadow.script("drop schema public cascade; create schema public; drop extension if exists vector, citext")
  expect(await changes("create extension hstore; create table t (id int)", ["create table t (id int)"])).toEqual([])
})

test("what no extension here has is refused with what can be done", async () => {
  await expect(catalogs("select 1", declaredOf(["create table t (at geometry(point))"]))).rejects.toMatchObject({
    exit: "failed", message: "the schema cannot be made: type \"geometry\" does not exist\n\ncreate table t (at geometry(point))", hint: expect.stringMatching(/src\/db\/sql\/types\.sql.*carries .*pg_trgm.*vector/),
  })
  await expect(catalogs("select 1", declaredOf(["create table u (id int, id int)"]))).rejects.toMatchObject({ hint: expect.stringContaining("mend the schema file") })
})

test("a name that was cut long ago is not told again", async () => {
  const long = "workflow_deployment_operation_deployment_version_id_workflow_deployment_version_id_fk"
  const declared = declaredOf(["create table t (id int)"], [], [{ name: long, kept: long.slice(0, 63) }])
  const { want, have } = await catalogs(`create table t (id int constraint ${long.slice(0, 63)} check (id > 0))`, declared)
  expect(notesOf(declared, want, have)).toEqual([])
  expect(notesOf(declared, have, want)).toEqual([`${long} is 85 bytes long, PostgreSQL keeps 63: written as ${long.slice(0, 63)}`])
})

test("an index of an operator class steps aside with its extension (PostgreSQL: cache lookup failed for function)", async () => {
  const gist = ["create table words (a text)", "create index near_words on words using gist (a gist_trgm_ops)"]
  expect(await changes(["create extension pg_trgm", ...gist].join(";\n"), gist)).toEqual([])
})

const SHOUT = (word: string) => `-- in any order\ncreate trigger shout before insert on t for each row execute function shout();
create function shout() returns trigger language plpgsql as $$ begin new.a = '${word}'; return new; end $$;\n`

test("what an SQL file says counts, not what the history made of it, without OR REPLACE too (`function already exists`)", async () => {
  const made = `create table t (a text); ${SHOUT("old").split("\n").toReversed().join("\n")}`
  const { want, have } = await catalogs(made, declaredOf(["create table t (a text)"]), SHOUT("new"))
  expect(driftLines(compare(want, have))).toEqual([expect.stringMatching(/^changed function shout\(\)/)])
})

test("a statement of an SQL file that PostgreSQL refuses is shown with its place", async () => {
  await expect(catalogs("select 1", declaredOf([]), "create function f() returns int language sql as 'select 1';\n\ncreate domain d as int check (value > 0 and x);\n")).rejects.toMatchObject({
    exit: "failed", message: expect.stringMatching(/^src\/db\/sql\/all\.sql:3: the schema cannot be made: column "x" does not exist/), hint: "mend src/db/sql/all.sql, then type the same command again",
  })
  await expect(catalogs("select 1", declaredOf([]), "create function (;\n")).rejects.toMatchObject({ message: expect.stringMatching(/^src\/db\/sql\/all\.sql:1: the schema cannot be made: syntax error/) })
  await expect(catalogs("select 1", declaredOf([]), "select 1;\ncommit;\n")).rejects.toMatchObject({ exit: "refused", message: expect.stringContaining("src/db/sql/all.sql:2") })
  await expect(catalogs("select 1", declaredOf(["create table t (id int,,)"]))).rejects.toMatchObject({ hint: expect.stringContaining("mend the schema file") })
})
