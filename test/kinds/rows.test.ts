import { afterAll, beforeAll, expect, test } from "bun:test"
import type { Session } from "../../src/core/types.ts"
import { inspect } from "../../src/kinds/inspect.ts"
import { plantRows } from "../../src/kinds/rows.ts"
import { openShadow } from "../../src/shadow/shadow.ts"

let shadow: Session
beforeAll(async () => void (shadow = await openShadow()))
afterAll(() => shadow.close())

test("types of extensions get rows too (pgvector's input throws where others say no: `bug: invalid input syntax for type vector`)", async () => {
  await shadow.script(`create extension vector; create extension citext;
    create table t (a vector(3) not null, b halfvec(4) not null, c sparsevec(5) not null, d bit(4) not null unique, e bit(1) not null, f vector not null, g varbit(3) not null, h citext not null)`)
  expect(await plantRows(shadow, await inspect(shadow.query))).toEqual([])
  expect(await shadow.query("select a::text, b::text, c::text, d::text, h from t order by d")).toEqual([
    { a: "[1,1,1]", b: "[1,1,1,1]", c: "{1:1}/5", d: "0001", h: "1" }, { a: "[2,1,1]", b: "[2,2,2,2]", c: "{1:2}/5", d: "0010", h: "2" },
  ])
})

test("the reason a table stays empty is the first one, not that of the last guess", async () => {
  await shadow.script("create table u (a int check (a > 5 and a < 5), b timestamp not null)")
  expect(await plantRows(shadow, await inspect(shadow.query), ["t"])).toEqual([{ table: "u", reason: expect.stringContaining("violates check constraint") }])
})

test("no row refers to one that is not there: a foreign key can be validated (a parent took one row only, or another value)", async () => {
  await shadow.script(`
    create table one (id int primary key check (id = 7), k text);
    create table may (id int primary key, one int references one, s int references may);
    create table must (id int not null, one int not null references one, primary key (id, one));
    create table below (id int, one int not null, foreign key (id, one) references must)`)
  await plantRows(shadow, await inspect(shadow.query), ["t", "u"])
  await shadow.script(`
    alter table may drop constraint may_one_fkey, add foreign key (one) references one;
    alter table must drop constraint must_one_fkey, add foreign key (one) references one;
    alter table below drop constraint below_id_one_fkey, add foreign key (id, one) references must`)
  expect(await shadow.query("select (select count(*)::int from may) as may, (select count(one)::int from may) as linked, (select count(*)::int from must) as must")).toEqual([{ may: 2, linked: 0, must: 0 }])
})
