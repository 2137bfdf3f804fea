/** Kinds and attributes that Drizzle has no word for: `generate` leaves them as the history has them. */
import { afterAll, afterEach, beforeAll, expect, test } from "bun:test"
import { compare, driftLines } from "../../src/core/compare.ts"
import type { Session } from "../../src/core/types.ts"
import type { Declared, DeclaredTable } from "../../src/drizzle/declared.ts"
import { declaredCatalog } from "../../src/flows/generate/declare.ts"
import { inspect } from "../../src/kinds/inspect.ts"
import { openShadow } from "../../src/shadow/shadow.ts"

let shadow: Session
beforeAll(async () => void (shadow = await openShadow()), 60_000)
afterEach(() => shadow.script("drop event trigger if exists ev; drop publication if exists pub; drop foreign data wrapper if exists w cascade; drop schema public cascade; create schema public"))
afterAll(() => shadow.close())

/** What `generate` would change. A statement is as the Drizzle schema gives it: names in quotes, a semicolon at its end. */
async function changes(history: string, statements: readonly string[]): Promise<string[]> {
  await shadow.script(history)
  const have = await inspect(shadow.query)
  const names = statements.flatMap(statement => /^CREATE TABLE "(\w+)"/.exec(statement)?.[1] ?? [])
  const tables = names.map((name, order): DeclaredTable => ({ schema: null, name, file: "schema.ts", exportName: name, order, columns: [], hasUpdatedAt: false }))
  const declared: Declared = { statements, tables, sources: [], drizzleVersion: "0.45.4", cut: [] }
  return driftLines(compare(await declaredCatalog(shadow, { declared, history: have, sqlFiles: [], updatedAtTriggers: false }), have))
}

const EVENTS = `create table events (id int not null, at date not null, kind text, primary key (id, at)) partition by range (at);
  create table events_2024 partition of events (kind default 'old', check (id > 0)) for values from ('2024-01-01') to ('2025-01-01');
  create table events_rest partition of events default;
  create index events_2024_kind on events_2024 (kind);
  alter table events_2024 enable row level security;
  create policy p on events_2024 using (id > 1);
  comment on table events_2024 is 'closed';`

test("a table stays partitioned, and its partitions stay, with what is on them", async () => {
  expect(await changes(EVENTS, [`CREATE TABLE "events" ("id" int not null, "at" date not null, "kind" text, primary key ("id", "at"));`])).toEqual([])
})

test("a column that the schema adds to a partitioned table is the only change", async () => {
  expect(await changes(EVENTS, [`CREATE TABLE "events" ("id" int not null, "at" date not null, "kind" text, "more" int, primary key ("id", "at"));`])).toEqual(["missing column events.more: integer"])
})

test("partitions go with a table that the schema no longer has", async () => {
  const lines = await changes("create table t (id int) partition by list (id); create table t1 partition of t default", [])
  expect(lines.filter(line => line.includes("table"))).toEqual(["extra table t: table, partition by LIST (id)", "extra table t1: table"])
})

test("a table that inherits stays, whether the schema says it or not", async () => {
  const history = `create table p (id int not null, a text); create table c (x int) inherits (p); create table d (y int) inherits (p); create index on c (x);`
  expect(await changes(history, [`CREATE TABLE "p" ("id" int not null, "a" text);`, `CREATE TABLE "d" ("id" int not null, "a" text, "y" int);`])).toEqual([])
})

test("all kinds without a word stay: domains, composite and range types, aggregates, casts, rules, statistics, event triggers, publications, foreign tables", async () => {
  const history = `create domain d as int check (value > 0); create type c as (x int); create type r as range (subtype = int);
    create aggregate total(int) (sfunc = int4pl, stype = int, initcond = '0'); create cast (c as text) with inout; create collation plain (locale = 'C');
    create table t (id int primary key, n d, s c); create rule keep as on delete to t where old.id > 10 do instead nothing; create statistics st on id, n from t;
    create function evf() returns event_trigger language plpgsql as 'begin end'; create event trigger ev on sql_drop execute function evf(); alter event trigger ev disable;
    create publication pub for table t; create foreign data wrapper w; create server s foreign data wrapper w; create user mapping for public server s;
    create foreign table f (id int not null, a text default 'x', check (id > 0)) server s;`
  expect(await changes(history, [`CREATE TABLE "t" ("id" int primary key, "n" d, "s" c);`])).toEqual([])
})

test("rights, default privileges, storage and replica identity stay, and a column that comes beside them is the only change", async () => {
  const history = `do $$ begin create role reader; exception when duplicate_object then null; end $$;
    create table t (id int primary key, a text); grant select on t to reader; grant update (a) on t to reader; grant usage on schema public to reader;
    create function f() returns int language sql as 'select 1'; revoke execute on function f() from public; alter default privileges grant select on tables to reader;
    alter table t alter a set storage external, alter a set statistics 500; alter table t replica identity full; comment on column t.a is 'kept'`
  expect(await changes(history, [`CREATE TABLE "t" ("id" int primary key, "a" text, "b" int);`])).toEqual(["missing column t.b: integer"])
  await shadow.script("drop owned by reader")
})
