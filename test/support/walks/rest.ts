/** Makers beyond `statements.ts`: what a schema has besides tables and their usual company. */
import type { Maker } from "./statements.ts"

const TABLES = ["t0", "t1", "t2", "t3", "app.t4", "more.t5"]

/** Once on a server: roles, and what no migration makes but tables may name. Each statement runs outside of transactions, and again does no harm. */
export const ONCE: readonly string[] = [
  ...["ga", "gb"].map(role => `do $$ begin create role ${role}; exception when duplicate_object then null; end $$`),
  "set allow_in_place_tablespaces = on",
  "create tablespace walk_space location ''",
]
/** Once in a database. */
export const HERE: readonly string[] = ["create access method walk_heap type table handler heap_tableam_handler"]

/** Stands before all tables. */
export const REST_GROUND: readonly Maker[] = [
  c => `create schema ${c.one(["more", "more", "more", "\"Odd Schema\""])}`,
  c => `create extension ${c.one(["hstore", "citext", "pg_trgm", "btree_gist"])}${c.maybe(0.3, " schema app")}`,
  c => `create extension ${c.one(["hstore", "citext"])}`,
  c => `create role wr${c.maybe(0.3, " login")}`,
  c => `create sequence s3 as ${c.one(["int", "bigint"])} increment by ${c.one(["-1", "2", "10"])} ${c.one(["minvalue -50 maxvalue 90 start 10", "cache 7", "minvalue -5 maxvalue 500 start 3 cycle"])}`,
  c => `create domain d4 as varchar(${c.one(["10", "20"])})${c.maybe(0.5, " collate \"C\"")}${c.maybe(0.5, ` default '${c.one(["x", "y"])}'`)}${c.maybe(0.4, ` constraint d4c check (value <> '${c.below(2)}')`)}`,
  c => `create type r1 as range (subtype = ${c.one(["float8, subtype_diff = float8mi", "int, multirange_type_name = r1m", "timestamptz"])})`,
  c => `create collation l2 (provider = libc, locale = '${c.one(["C", "POSIX"])}')`,
  c => `create function f4(variadic a int[]) returns int language sql ${c.one(["stable", "immutable parallel safe", "security definer set search_path = public", "cost 50", "leakproof"])} as 'select ${c.below(2)}'`,
  c => `create function f5(a int, out b int, out c ${c.one(["int", "text"])}) ${c.one(["returns record", "returns setof record"])} language plpgsql${c.maybe(0.3, " cost 7")} as 'begin ${c.maybe(0.5, "return;")} end'`,
  c => `create operator class oc0 for type ${c.one(["int", "bigint"])} using btree as operator 1 <, operator 2 <=, operator 3 =, operator 4 >=, operator 5 >, function 1 ${c.one(["btint4cmp(int, int)", "btint8cmp(bigint, bigint)"])}`,
  c => `create operator family of0 using ${c.one(["btree", "hash"])}`,
  c => `create table more.t5 (id int primary key, n ${c.one(["int", "bigint"])}, m int${c.maybe(0.5, " default 4")}, a text, b ${c.one(["text", "varchar(5)"])}) ${c.maybe(0.3, "using walk_heap")}${c.maybe(0.3, " with (autovacuum_enabled = false, fillfactor = 60)")}${c.maybe(0.2, " tablespace walk_space")}`,
]

/** Stands on tables, views and the like. */
export const REST: readonly Maker[] = [
  c => `alter table ${c.one(TABLES)} set access method ${c.one(["walk_heap", "heap"])}`,
  c => `alter table ${c.one(TABLES)} set tablespace walk_space`,
  c => `alter table ${c.one(TABLES)} set (${c.one(["autovacuum_enabled = false", "fillfactor = 66", "toast.autovacuum_enabled = false", "parallel_workers = 2"])})`,
  c => `alter table ${c.one(TABLES)} add column v int generated always as (${c.one(["n * 3", "m + 1", "length(a::text)"])}) virtual`,
  c => `alter table ${c.one(TABLES)} add column ${c.one(["x0", "x1"])} ${c.one(["hstore", "citext", "d4", "r1", "r1[]", "app.citext"])}`,
  c => `alter table ${c.one(TABLES)} alter ${c.one(["n", "m"])} add generated ${c.one(["always", "by default"])} as identity${c.maybe(0.5, ` (${c.one(["increment by 3", "start with 10 cache 4", "minvalue 2 maxvalue 99 cycle"])})`)}`,
  c => `alter table ${c.one(TABLES)} add constraint u6 unique nulls not distinct (${c.one(["n", "a", "n, m"])})`,
  c => `alter table ${c.one(TABLES)} add constraint k3 check (${c.one(["n > 1", "m <> 3"])}) ${c.one(["not enforced", "no inherit", "not valid"])}`,
  c => `alter table ${c.one(TABLES)} add constraint k4 check (${c.one(["a::text in ('a', 'b')", "n between 1 and 10", "a::text ~ '^x' or b is null", "n = any (array[1, 2])"])})`,
  c => `alter table ${c.one(TABLES)} add constraint x2 exclude using gist (${c.one(["n with =, x0 with &&", "n with =", "m with <>"])})${c.maybe(0.3, " where (m > 0)")}${c.maybe(0.3, " deferrable initially deferred")}`,
  c => `alter table ${c.one(TABLES)} add constraint fk4 foreign key (${c.one(["n", "m"])}) references ${c.one(TABLES)} (${c.one(["id", "n"])}) match full on update ${c.one(["cascade", "set default", "no action"])}`,
  c => `create index ${c.one(["i4", "i5"])} on ${c.one(TABLES)} ${c.one(["(n oc0)", "using gin (a gin_trgm_ops)", "using gist (n)", "using brin (n) with (pages_per_range = 9)", "(a text_pattern_ops)", "(m) tablespace walk_space", "(a collate l2)", "using gin ((array[n::int]))"])}${c.maybe(0.2, " where n is not null")}`,
  c => `create unique index i6 on ${c.one(TABLES)} (${c.one(["n", "lower(b::text)"])}) ${c.one(["nulls not distinct", "", "where m = 1"])}`,
  c => `create index i7 on m1 (${c.one(["n", "n desc"])})`,
  c => `create materialized view m1${c.maybe(0.3, " using walk_heap")}${c.maybe(0.4, " with (fillfactor = 80)")} as select ${c.one(["n, m", "n, count(*) as m"])} from t0 ${c.one(["where n > 1", "group by n", "group by n, m"])}`,
  c => `create view v3 as select * from t1 where n ${c.one(["> 1", "< 2", "in (1, 2)"])} with ${c.one(["local", "cascaded"])} check option`,
  c => `create recursive view v4 (n) as select 1 union all select n + 1 from v4 where n < ${c.one(["3", "5"])}`,
  c => `create view v5 as with x as (select id, n from ${c.one(["t0", "more.t5"])}) select x.id, ${c.one(["coalesce(x.n, 1)", "case when x.n > 1 then 'a' else 'b' end", "row_number() over (order by x.n)", "x.n::text || 'x'"])} as y from x${c.maybe(0.4, " order by 1 limit 3")}`,
  c => `alter view ${c.one(["v0", "v1", "v5"])} set (${c.one(["security_invoker = true", "security_barrier = true"])})`,
  c => `alter view ${c.one(["v0", "v3"])} alter ${c.one(["n", "id"])} set default 5`,
  c => `create constraint trigger g3 after ${c.one(["insert", "update", "delete"])} on ${c.one(TABLES)} ${c.one(["deferrable initially deferred", "deferrable", ""])} for each row execute function tf()`,
  c => `create trigger g4 after ${c.one(["insert", "update"])} on ${c.one(["t0", "t1"])} referencing new table as fresh for each statement execute function tf(${c.one(["", "'a', 'it''s'"])})`,
  c => `create trigger g5 instead of ${c.one(["insert", "delete"])} on ${c.one(["v0", "v3"])} for each row execute function tf()`,
  c => `create trigger g6 after truncate on ${c.one(TABLES)} execute function tf()`,
  c => `alter table ${c.one(TABLES)} enable ${c.one(["always", "replica"])} trigger ${c.one(["g1", "g3", "g6"])}`,
  c => `create policy y3 on ${c.one(TABLES)} for insert to ${c.one(["public", "ga", "current_user"])} with check (${c.one(["n > 0", "m is not null", "true"])})`,
  c => `alter event trigger ev ${c.one(["disable", "enable always", "enable replica"])}`,
  c => `create rule w1 as on ${c.one(["insert", "update"])} to ${c.one(["t2", "v3", "more.t5"])} ${c.one(["", "where new.n > 3 "])}do ${c.one(["instead nothing", "also notify y", "also delete from t3 where id::text = new.id::text"])}`,
  c => `create publication pub2 for ${c.one(["table t2, t3", "table more.t5 (id, n) where (n > 0)", "tables in schema more", "table only t0"])}`,
  c => `create user mapping for ${c.one(["ga", "wr"])} server sv${c.maybe(0.5, ` options (name '${c.below(2)}')`)}`,
  c => `create foreign table ft2 (id int${c.maybe(0.5, " options (column_name 'x')")}, a ${c.one(["text", "varchar(9)"])}${c.maybe(0.4, " collate \"C\"")}) server sv options (t '${c.below(3)}')`,
  c => `alter foreign table ft add constraint fc check (${c.one(["id > 0", "a <> ''"])})`,
  c => `create statistics more.z3 (${c.one(["mcv", "dependencies, mcv", "ndistinct"])}) on n, m from more.t5`,
  c => `alter statistics z1 set statistics ${c.one(["50", "200"])}`,
  c => `create table sp partition of pt ${c.one(["for values in (7)", "for values from (70) to (80)", "for values with (modulus 4, remainder 0)"])} partition by ${c.one(["list (id)", "range (id)"])}`,
  c => `create table sp1 partition of sp ${c.one(["for values in (1, 2)", "for values from (0) to (9)", "default"])}`,
  c => `alter table sp1 add constraint spc check (id <> ${c.below(3)})`,
  c => `alter table ${c.one(TABLES)} inherit ip`,
  c => `grant ${c.one(["select (n)", "insert (id, n)", "update (a)", "all (n)"])} on ${c.one([...TABLES, "v0", "m0", "pt", "ft"])} to ${c.one(["ga", "wr", "public"])}${c.maybe(0.2, " with grant option")}`,
  c => `grant ${c.one(["select", "truncate, trigger", "maintain", "all"])} on ${c.one([...TABLES, "v3", "pt1", "ic1"])} to ${c.one(["wr", "gb"])}`,
  c => `grant ${c.one(["usage", "all"])} on ${c.one(["schema more", "schema public", "sequence s3", "type d4", "type r1", "domain d0", "language plpgsql"])} to ${c.one(["wr", "public", "gb"])}${c.maybe(0.2, " with grant option")}`,
  c => `revoke ${c.one(["execute on function f4(int[])", "usage on type d4", "usage on type c0"])} from public`,
  c => `alter default privileges ${c.one(["for role ga ", "in schema more ", "in schema public ", ""])}grant ${c.one(["select, insert on tables to wr", "usage on schemas to gb", "execute on functions to wr", "all on sequences to gb", "usage on types to wr"]).replace(/^/, "")}${c.maybe(0.15, " with grant option")}`,
  c => `comment on ${c.one(["rule w0 on t0", "event trigger ev", "publication pub", "statistics z1", "foreign table ft", "server sv", "collation l0", "extension hstore", "operator class oc0 using btree", "type r0", "cast (c0 as text)", "operator === (int, text)", "text search dictionary k0", "text search configuration z0", "column ft.id", "column c0.x", "constraint d4c on domain d4", "procedure p0", "column pt.k", "index i4", "schema more"])} is '${c.one(["one", "it''s two"])}'`,
]
