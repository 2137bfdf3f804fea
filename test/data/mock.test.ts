import { afterAll, beforeAll, expect, test } from "bun:test"
import { ask } from "../support/migrating.ts"
import { project, runNself } from "../support/nself.ts"
import { startServer, type TestServer } from "../support/server.ts"

let server: TestServer
let dir: string
let remove: () => Promise<void>
beforeAll(async () => {
  server = await startServer(18)
  ;({ dir, remove } = await project({ "drizzle.config.json": "{}" }))
}, 60_000)
afterAll(() => remove())

/** A database with these tables, and what `db mock` says there. */
async function made(sql: string) {
  const url = await server.database()
  await ask(url, sql)
  return {
    url, rows: <R = Record<string, unknown>>(query: string) => ask<R>(url, query),
    mock: (args: string) => runNself(dir, `db mock ${args}`, { env: { DATABASE_URL: url } }),
  }
}

const USERS = `create table np_users (id uuid primary key default gen_random_uuid(), source_account_id text not null default 'primary', email text not null unique, name text,
    phone text, address text, website text, created_at timestamptz not null default now(), updated_at timestamptz not null default now(), deleted_at timestamptz)`
const DOCUMENTS = `create table np_documents (id uuid primary key default gen_random_uuid(), source_account_id text not null default 'primary', tenant_id uuid, user_id uuid not null references np_users(id) on delete restrict,
    title text not null, body text, price numeric(10,2) not null check (price > 0), created_at timestamptz not null default now(), updated_at timestamptz not null default now(), deleted_at timestamptz)`

test("np_users and np_documents, a thousand rows each: realistic, in order of time, every constraint valid", async () => {
  const { mock, rows } = await made(`${USERS};${DOCUMENTS}`)
  expect(await mock("--table np_users --count 1000 --seed 42")).toMatchObject({ exit: 0, stdout: expect.stringMatching(/^Filled np_users with 1,000 rows \(\d+ms\)\.\nSeed 42, mock format 1/) })
  expect(await mock("--table np_documents --count 1000 --seed 42")).toMatchObject({ exit: 0 })
  const [users] = await rows(`select count(*)::int as n, count(distinct email)::int as emails, count(*) filter (where email ~ '^[a-z.]+\\d*@[a-z.]*example\\.(com|org|net)$')::int as well,
    count(*) filter (where updated_at < created_at or deleted_at < updated_at)::int as wrong, count(deleted_at)::int as deleted, count(distinct source_account_id)::int as sources,
    count(*) filter (where name ~ '^\\S+ \\S+')::int > 800 as named, count(*) filter (where website ~ '^https://') > 800 as linked from np_users`)
  expect(users).toMatchObject({ n: 1000, emails: 1000, well: 1000, wrong: 0, sources: 1, named: true, linked: true })
  expect(users!["deleted"]).toBeWithin(50, 160)
  expect(await rows("select count(*)::int as n, count(distinct user_id) > 500 as spread, min(price) > 0 as paid, count(body) between 700 and 950 as bodies from np_documents")).toEqual([{ n: 1000, spread: true, paid: true, bodies: true }])
})

test("the same seed gives the same rows: here they are, to the byte", async () => {
  const first = await made(`${USERS};${DOCUMENTS}`)
  await first.mock("--table np_users --count 50 --seed 42")
  const text = async (one: typeof first) => (await one.rows<{ t: string }>("select string_agg(u::text, E'\\n' order by email) as t from np_users u"))[0]!.t
  const again = await made(`${USERS};${DOCUMENTS}`)
  await again.mock("--table np_users --count 30 --seed 42")
  await again.mock("--table np_users --count 20 --seed 42") // goes on where the first 30 ended
  expect(await text(again)).toBe(await text(first))
  const other = await made(`${USERS};${DOCUMENTS}`)
  await other.mock("--table np_users --count 50 --seed 43")
  expect(await text(other)).not.toBe(await text(first))
  // a change of this sum is a new mock format: MOCK_FORMAT in src/core/mock/mocked.ts
  expect(new Bun.CryptoHasher("sha256").update(await text(first)).digest("hex")).toMatchInlineSnapshot(`"53b03f0042b0a8a4829019814b45ca0c11e1e5e9afe133ab77ba5939f7d24185"`)
})

test("every type of value", async () => {
  const types = ["bool", "int2", "int4", "int8", "numeric", "numeric(6,3)", "numeric(3,-1)", "float4", "float8", "money", "text", "varchar(7)", "char(3)", "name", "uuid", "date", "time", "timetz", "timestamp(3)", "timestamptz", "interval",
    "json", "jsonb", "bytea", "inet", "cidr", "macaddr", "macaddr8", "point", "line", "lseg", "box", "path", "polygon", "circle", "bit(5)", "varbit(9)", "int4range", "int8range", "numrange", "tsrange", "tstzrange", "daterange",
    "int4multirange", "tsvector", "tsquery", "jsonpath", "pg_lsn", "oid", "\"char\"", "text[]", "int[]", "uuid[]", "jsonb[]", "mood", "mood[]", "email_address", "pair", "pair[]", "score[]"]
  const { mock, rows } = await made(`create type mood as enum ('happy', 'so so', 'sad'); create domain email_address as text check (value ~ '^[^@ ]+@[^@ ]+$'); create type pair as (a int, b text);
    create domain score as int check (value between 1 and 5) not null; create table v (${types.map((type, i) => `c${i} ${type} not null`).join(", ")}, g text generated always as (c10 || '!') stored, i int generated always as identity, s serial)`)
  expect(await mock("--table v --count 300")).toMatchObject({ exit: 0, stderr: "" })
  expect(await rows("select count(*)::int as n, count(distinct c54)::int as moods, count(g)::int as g, max(i) as i, max(s) as s from v")).toEqual([{ n: 300, moods: 3, g: 300, i: 300, s: 300 }])
})

test("every type where each row must have its own value, on two runs", async () => {
  const types = ["int2", "int4", "int8", "numeric", "numeric(8,2)", "float8", "text", "varchar(12)", "varchar(3)", "char(4)", "uuid", "date", "timestamp", "timestamptz", "interval", "inet", "macaddr", "bytea", "varbit(16)", "jsonb", "pg_lsn", "int4range", "daterange"]
  const names = ["email", "username", "slug", "phone", "code", "name", "title", "website", "image", "token", "zip", "city", "status", "first_name", "ip", "version", "address"]
  const { mock, rows } = await made(`create table u (${[...types.map((type, i) => `c${i} ${type} ${type.endsWith("range") ? "not null, exclude using gist (c" + i + " with &&)" : "unique"}`), ...names.map(name => `${name} text not null unique`)].join(", ")})`)
  expect(await mock("--table u --count 400 --seed 1")).toMatchObject({ exit: 0, stderr: "" })
  expect(await mock("--table u --count 400 --seed 2")).toMatchObject({ exit: 0, stderr: "" })
  expect(await rows("select count(*)::int as n, count(distinct email)::int as emails from u")).toEqual([{ n: 800, emails: 800 }])
})

test("checks of the common forms are met by solving them", async () => {
  const checks = ["status text not null check (status in ('new', 'open', 'closed'))", "price numeric(8,2) not null check (price > 0 and price <= 99.5)", "age int check (age >= 18)", "year int check (year between 2000 and 2005)",
    "slug text not null unique check (slug = lower(slug) and slug ~ '^[a-z0-9-]+$')", "code text not null check (code ~ '^[A-Z]{3}-[0-9]{4}$')", "email text check (email ~* '^[^@]+@[^@]+\\.[a-z]{2,}$')", "title text not null check (length(title) between 60 and 80)",
    "tags text[] not null check (cardinality(tags) > 0)", "data jsonb not null check (jsonb_typeof(data) = 'array')", "starts_at timestamptz not null", "ends_at timestamptz not null", "low int not null", "high int not null", "a uuid", "b uuid", "c uuid",
    "card text", "cash numeric", "note text not null check (btrim(note) <> '')", "kind text not null check (kind <> 'active')", "valid_on date not null check (valid_on >= '2030-01-01' and valid_on < '2030-02-01')", "flag bool not null", "done bool not null",
    "iso char(2) not null check (iso like 'X%')", "neg int not null check (neg < -10)", "check (starts_at < ends_at)", "check (low <= high)", "check (num_nonnulls(a, b, c) = 1)", "check ((card is null) <> (cash is null))", "check (flag or not done)"]
  const { mock, rows } = await made(`create table k (${checks.join(", ")})`)
  expect(await mock("--table k --count 1000")).toMatchObject({ exit: 0, stderr: "" })
  expect(await rows("select count(*)::int as n, count(distinct status)::int as statuses, count(a) > 200 as a, count(b) > 200 as b, count(card) between 300 and 700 as card from k")).toEqual([{ n: 1000, statuses: 3, a: true, b: true, card: true }])
})

test("checks of other forms are met by trying, and one that no row meets is named", async () => {
  const { mock, rows } = await made(`create function is_good(int) returns bool language sql immutable as 'select $1 % 7 = 3';
    create table f (n int not null constraint good_n check (is_good(n)), m int not null, constraint odd_sum check ((n + m) % 2 = 1)); create domain square as int constraint is_square check (sqrt(value) = floor(sqrt(value)));
    create table g (n square not null); create table h (n int not null constraint never check (is_good(n) and n % 7 = 1))`)
  expect(await mock("--table f --count 500")).toMatchObject({ exit: 0, stderr: "" })
  expect(await mock("--table g --count 50")).toMatchObject({ exit: 0, stderr: "" })
  expect(await rows("select count(*)::int as n from f")).toEqual([{ n: 500 }])
  const { exit, stderr } = await mock("--table h --count 5")
  expect(exit).toBe(1)
  expect(stderr).toContain(`no row of h was found in 1000 tries that meets "never": CHECK (is_good(n) AND ((n % 7) = 1))`)
  expect(await rows("select count(*)::int as n from h")).toEqual([{ n: 0 }])
})

test("foreign keys take existing parents, or make them, however far up", async () => {
  const { mock, rows } = await made(`create table a (id serial primary key, name text not null); create table b (id uuid primary key, a_id int not null references a, name text);
    create table c (id bigint generated always as identity primary key, b_id uuid not null references b, note text)`)
  const bare = await mock("--table c --count 40")
  expect(bare).toMatchObject({ exit: 1, stderr: expect.stringMatching(/c needs rows of b \(c_b_id_fkey\), and there is none\n\nhint: make them, too: nself db mock --table c --count 40 --with-parents/) })
  const { stdout, exit } = await mock("--table c --count 40 --with-parents")
  expect(exit).toBe(0)
  expect(stdout).toMatch(/^Filled a with \d+ rows, needed as parents .*\nFilled b with 8 rows, needed as parents .*\nFilled c with 40 rows \(/)
  expect(await mock("--table c --count 10")).toMatchObject({ exit: 0 })
  expect(await rows("select count(*)::int as n, count(distinct b_id) > 4 as spread from c")).toEqual([{ n: 50, spread: true }])
})

test("one-to-one, pairs, keys over two columns that share one", async () => {
  const { mock, rows } = await made(`create table tenants (id uuid primary key, name text not null);
    create table users (tenant_id uuid not null references tenants, id uuid not null, email text not null, primary key (tenant_id, id), unique (tenant_id, email));
    create table projects (tenant_id uuid not null references tenants, id uuid not null, title text, primary key (tenant_id, id));
    create table members (tenant_id uuid not null, user_id uuid not null, project_id uuid not null, role text not null check (role in ('r', 'w')), foreign key (tenant_id, user_id) references users, foreign key (tenant_id, project_id) references projects);
    create table people (id serial primary key, name text); create table passports (person_id int primary key references people, number text not null unique);
    create table roles (id text primary key); create table person_roles (person_id int references people, role_id text references roles, primary key (person_id, role_id))`)
  expect(await mock("--table tenants --count 5")).toMatchObject({ exit: 0 })
  expect(await mock("--table users --table projects --count 60")).toMatchObject({ exit: 0 })
  expect(await mock("--table members --count 500")).toMatchObject({ exit: 0, stderr: "" })
  expect(await mock("--table passports --count 70 --with-parents")).toMatchObject({ exit: 0, stderr: "" })
  expect(await mock("--table passports --count 5")).toMatchObject({ exit: 1, stderr: expect.stringContaining("5 are wanted and 0 are free") })
  expect(await mock("--table roles --count 6")).toMatchObject({ exit: 0 })
  expect(await mock("--table person_roles --count 300")).toMatchObject({ exit: 0, stderr: "" })
  expect(await mock("--table person_roles --count 120")).toMatchObject({ exit: 0, stderr: "" })
  expect(await mock("--table person_roles --count 1")).toMatchObject({ exit: 1, stderr: expect.stringContaining("person_roles can have 420 rows by person_roles_pkey (person_id, role_id), has 420 and should get 1 more") })
  expect(await rows("select count(*)::int as n from members")).toEqual([{ n: 500 }])
})

test("partial unique indexes: at most one default per owner, the others are none", async () => {
  const { mock, rows } = await made(`create table owners (id serial primary key); create table addresses (id serial primary key, owner_id int not null references owners, is_default bool not null, city text, deleted_at timestamptz);
    create unique index one_default on addresses (owner_id) where is_default; create table emails (owner_id int references owners, email text, deleted_at timestamptz); create unique index live_email on emails (lower(email)) where deleted_at is null`)
  expect(await mock("--table owners --count 10")).toMatchObject({ exit: 0 })
  expect(await mock("--table addresses --count 200")).toMatchObject({ exit: 0, stderr: "" })
  expect(await mock("--table emails --count 200")).toMatchObject({ exit: 0, stderr: "" })
  expect(await rows("select count(*)::int as n, count(*) filter (where is_default)::int as defaults from addresses")).toEqual([{ n: 200, defaults: 10 }])
})

test("self references, nullable and not, in a chain and to numbers of a sequence", async () => {
  const { mock, rows } = await made(`create table n (id uuid primary key, manager_id uuid references n, name text); create table s (id serial primary key, parent_id int references s); create table i (id int generated always as identity primary key, parent_id int not null references i);
    create table l (id uuid primary key, next_id uuid unique references l); create table t (tenant int not null, id uuid not null, parent_id uuid, primary key (tenant, id), foreign key (tenant, parent_id) references t, check (tenant between 1 and 3))`)
  for (const table of ["n", "s", "i", "l", "t"]) expect(await mock(`--table ${table} --count 200`)).toMatchObject({ exit: 0, stderr: "" })
  expect(await mock("--table s --count 100")).toMatchObject({ exit: 0, stderr: "" })
  expect(await rows(`select (select count(manager_id) > 100 from n) as n, (select count(parent_id) > 150 and max(id) = 300 from s) as s, (select count(distinct parent_id) > 20 from i) as i, (select count(next_id) = 199 from l) as l, (select count(parent_id) > 100 from t) as t`))
    .toEqual([{ n: true, s: true, i: true, l: true, t: true }])
  expect(await rows("insert into s default values returning id")).toEqual([{ id: 301 }])
})

test("circles: through a key that may be NULL, through a deferrable one, and one that cannot be opened is named", async () => {
  const { mock, rows } = await made(`create table teams (id serial primary key, captain_id int, name text); create table players (id serial primary key, team_id int not null references teams); alter table teams add foreign key (captain_id) references players;
    create table x (id uuid primary key, y_id uuid not null); create table y (id serial primary key, x_id uuid not null references x); alter table x drop column y_id, add y_id int not null, add constraint x_y foreign key (y_id) references y deferrable;
    create table p (id serial primary key, q_id int not null); create table q (id serial primary key, p_id int not null constraint q_p references p); alter table p add constraint p_q foreign key (q_id) references q`)
  expect(await mock("--table players --count 30 --with-parents")).toMatchObject({ exit: 0, stderr: "" })
  expect(await rows("select count(*)::int > 3 and count(captain_id) = count(*) as led from teams")).toEqual([{ led: true }])
  expect(await mock("--table x --table y --count 50")).toMatchObject({ exit: 0, stderr: "" })
  expect(await rows("select (select count(*)::int from x) as x, (select count(*)::int from y) as y")).toEqual([{ x: 50, y: 50 }])
  expect(await mock("--table p --count 5 --with-parents")).toMatchObject({ exit: 1, stderr: expect.stringContaining("need each other's rows first: p_q") })
})

test("an exclusion constraint and a trigger that refuses are reported by name, and nothing is kept", async () => {
  const { mock, rows } = await made(`create table e (kind bool not null, note text, constraint only_one_kind exclude using hash (kind with =)); create table w (n int);
    create function no() returns trigger language plpgsql as $$begin raise exception 'not on my watch'; end$$; create trigger guard before insert on w for each row execute function no()`)
  expect(await mock("--table e --count 10")).toMatchObject({ exit: 1, stderr: expect.stringContaining(`e: constraint "only_one_kind" refuses the mock rows`) })
  expect(await mock("--table w --count 10")).toMatchObject({ exit: 1, stderr: expect.stringContaining("w: trigger guard refuses the mock rows: not on my watch") })
  expect(await rows("select (select count(*)::int from e) as e, (select count(*)::int from w) as w")).toEqual([{ e: 0, w: 0 }])
})

test("domains over domains, checks that fail on some values, keys of which one must be set, generated columns, inherited tables", async () => {
  const { mock, rows } = await made(`create domain positive as int check (value > 0); create domain small as positive check (value < 10); create domain odd as small constraint is_odd check (value % 2 = 1);
    create table d (n odd not null, m odd[] not null, k small unique); create table z (n int not null, m int not null check (100 / (m % 3) > 0)); create table a (id serial primary key); create table b (id uuid primary key);
    create table ab (a_id int references a, b_id uuid references b, constraint one_owner check (num_nonnulls(a_id, b_id) = 1)); create table g (first text not null, low text generated always as (lower(first)) stored unique, n int, twice int generated always as (n * 2) stored check (twice > 100));
    create table base (id uuid primary key, name text not null check (name <> '')); create table child (extra int not null) inherits (base)`)
  expect(await mock("--table d --count 9")).toMatchObject({ exit: 0, stderr: "" })
  expect(await mock("--table z --count 300")).toMatchObject({ exit: 0, stderr: "" })
  expect(await mock("--table a --table b --count 20")).toMatchObject({ exit: 0, stderr: "" })
  expect(await mock("--table ab --count 200")).toMatchObject({ exit: 0, stderr: "" })
  expect(await mock("--table g --count 100")).toMatchObject({ exit: 0, stderr: "" })
  expect(await mock("--table child --count 50")).toMatchObject({ exit: 0, stderr: "" })
  expect(await rows("select count(a_id) > 50 as a, count(b_id) > 50 as b from ab")).toEqual([{ a: true, b: true }])
})

test.each([14, 15, 16, 17] as const)("a whole schema on PostgreSQL %p", async major => {
  const url = await (await startServer(major)).database()
  await ask(url, `create type state as enum ('on', 'off'); ${USERS}; ${DOCUMENTS}; create table tags (id int generated by default as identity primary key, label varchar(20) not null unique, state state not null default 'on', ranges int4multirange);
    create table document_tags (document_id uuid references np_documents, tag_id int references tags, primary key (document_id, tag_id))`)
  expect(await runNself(dir, "db mock --all --count 60 --seed 3", { env: { DATABASE_URL: url } })).toMatchObject({ exit: 0, stderr: "" })
  expect(await ask(url, "select count(*)::int as n, count(distinct document_id) > 20 as spread from document_tags")).toEqual([{ n: 60, spread: true }])
})

test("partitions get rows that they take", async () => {
  const { mock, rows } = await made(`create table m (id bigint generated always as identity, at timestamptz not null, region text not null) partition by range (at); create table m1 partition of m for values from ('2031-01-01') to ('2031-02-01'); create table m2 partition of m for values from ('2031-02-01') to ('2031-03-01');
    create table r (region text not null, n int) partition by list (region); create table r1 partition of r for values in ('eu', 'us'); create table r2 partition of r for values in ('asia')`)
  expect(await mock("--table m --count 200")).toMatchObject({ exit: 0, stderr: "" })
  expect(await mock("--table r --count 200")).toMatchObject({ exit: 0, stderr: "" })
  expect(await rows("select (select count(*)::int > 0 from m1) as m1, (select count(*)::int > 0 from m2) as m2, (select count(*)::int > 0 from r1) as r1, (select count(*)::int > 0 from r2) as r2")).toEqual([{ m1: true, m2: true, r1: true, r2: true }])
  expect(await mock("--table m1 --count 5")).toMatchObject({ exit: 2 })
})

test("--all fills every table in order; --truncate asks, and is not guessed where nobody can be asked", async () => {
  const { mock, rows } = await made(`${USERS};${DOCUMENTS};create table "Odd ""name""" ("select" int primary key, "a b" text)`)
  expect(await mock("--all --count 20 --seed 1")).toMatchObject({ exit: 0, stderr: "" })
  const before = await rows("select * from np_documents order by id")
  expect(await mock("--all --count 20 --seed 1 --truncate")).toMatchObject({ exit: 2, stderr: expect.stringContaining("--truncate would delete all rows of") })
  expect(await mock("--all --count 20 --seed 1 --truncate --yes")).toMatchObject({ exit: 0, stderr: "" })
  expect(await rows("select * from np_documents order by id")).toEqual(before)
})

test("dev only, and only tables that are there", async () => {
  const { mock, rows } = await made(USERS)
  for (const env of ["staging", "prod"]) expect(await mock(`--table np_users --env ${env}`)).toMatchObject({ exit: 3, stderr: expect.stringContaining(`\`nself db mock\` is for dev only, and this is ${env}`) })
  expect(await mock("--table np_user")).toMatchObject({ exit: 2, stderr: expect.stringContaining("hint: nself db mock --table np_users") })
  expect(await mock("--table x;drop")).toMatchObject({ exit: 2 })
  expect(await mock("--count 5")).toMatchObject({ exit: 2 })
  expect(await mock("--table np_users --count 1e5")).toMatchObject({ exit: 2 })
  expect(await rows("select count(*)::int as n from np_users")).toEqual([{ n: 0 }])
})
