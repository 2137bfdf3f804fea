import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { Client } from "pg"
import type { Catalog } from "../../src/core/catalog.ts"
import { compare, isSame } from "../../src/core/compare.ts"
import { inspect } from "../../src/kinds/inspect.ts"
import { fingerprints } from "../../src/pg/tenants/shapes.ts"
import { CHANGES } from "../pg/drift/changes.ts"
import { queryOf } from "../support/query.ts"
import { startServer } from "../support/server.ts"

const base = await Bun.file(`${import.meta.dir}/../pg/drift/base.sql`).text()

/** One of each kind of object that ALTER … SET SCHEMA moves; a range type's multirange type stays behind, so there is none. */
const MOVED = [
  ["type", ["mood", "pair"]], ["domain", ["natural_number"]], ["sequence", ["numbers"]], ["function", ["f()"]], ["table", ["t", "part", "part1"]], ["view", ["v"]], ["materialized view", ["mv"]],
  ["statistics", ["st"]], ["collation", ["col"]],
] as const
const objects = (schema: string): string => `set local search_path = ${schema};
  create type mood as enum ('a'); create domain natural_number as int check (value > 0); create type pair as (a int, b natural_number); create sequence numbers;
  create function f() returns trigger language plpgsql as 'begin return new; end';
  create table t (id int generated always as identity primary key, ser serial, m mood, p pair, x int default 3, check (x > 0)); create index ti on t (x); comment on index ti is 'c';
  create view v as select id, x from t; create materialized view mv as select x from t; create index mvi on mv (x); create statistics st on id, x from t;
  create trigger g before insert on t for each row execute function f(); create policy pol on t using (x > 1);
  create table part (k int) partition by list (k); create table part1 partition of part for values in (1); create collation col (provider = libc, locale = 'C')`

describe.each([14, 18] as const)("on PostgreSQL %d", major => {
  let live: Client
  let untouched: string
  let catalog: Catalog
  beforeAll(async () => {
    live = new Client({ connectionString: await (await startServer(major)).database() })
    await live.connect()
    for (const role of ["drift_reader", "drift_writer", "drift_stranger"]) await live.query(`do $$ begin create role ${role}; exception when duplicate_object then null; end $$`)
    await live.query(base)
    untouched = await print()
    catalog = await read()
  }, 60_000)
  afterAll(() => live.end())

  /** Ends the transaction it finds. */
  const print = async (): Promise<string> => (await fingerprints({ query: queryOf(live), script: async sql => void (await live.query(sql)) }, ["public"])).get("public")!
  const read = (): Promise<Catalog> => inspect(queryOf(live), "public", true)

  test("an object needs the same whether its schema is read alone or with the whole database: an operator its function, a configuration its dictionary", async () => {
    await live.query("create text search dictionary d (template = simple); create text search configuration c (copy = simple); alter text search configuration c alter mapping for word with d")
    const [alone, whole] = [await read(), await inspect(queryOf(live), "public")]
    await live.query("drop text search configuration c; drop text search dictionary d")
    // what belongs to the whole database is no tenant's
    const needs = ({ needs }: Catalog): readonly string[] => [...needs].flatMap(([who, whom]) => whom.filter(one => !/^(server|user mapping|cast|publication|event trigger|extension):/.test(who) && alone.objects.has(who) && alone.objects.has(one)).map(one => `${who} -> ${one}`)).toSorted()
    expect(needs(alone)).toEqual(needs(whole))
    expect(needs(alone)).toContain("text search configuration:c -> text search dictionary:d")
  })

  test("what was moved into a schema is read there like what was made there, and has its shape", async () => {
    await live.query(`begin; create schema made; create schema moved; create schema away; ${objects("made")}; ${objects("away")}`)
    for (const [kind, names] of MOVED) for (const name of names) await live.query(`alter ${kind} away.${name} set schema moved`)
    const prints = await fingerprints({ query: queryOf(live), script: async () => {} }, ["made", "moved", "away"])
    const said = ({ objects, needs }: Catalog): unknown => JSON.parse(JSON.stringify([[...objects].map(([id, { detail }]) => [id, detail]).toSorted(), [...needs].map(([id, all]) => [id, all.toSorted()]).toSorted()]).replaceAll("schema:moved", "schema:made"))
    const [made, moved] = [await inspect(queryOf(live), "made", true), await inspect(queryOf(live), "moved", true)]
    await live.query("rollback")
    expect(said(moved)).toEqual(said(made))
    expect(made.objects.size).toBeGreaterThan(20)
    expect([prints.get("moved") === prints.get("made"), prints.get("away") === prints.get("made")]).toEqual([true, false])
  })

  // tenants of one shape are compared once, by one of them: a change that the shape does not show would be seen in nobody
  test.each(CHANGES.filter(({ since = 0 }) => major >= since).map(one => [one.name, one.sql] as const))("%s: what the comparison sees is another shape", async (_, sql) => {
    await live.query("begin")
    await live.query(sql)
    const seen = !isSame(compare(catalog, await read()))
    expect({ seen, shape: (await print()) !== untouched || !seen }).toEqual({ seen, shape: true })
  })
})
