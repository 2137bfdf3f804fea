-- A schema that is hard to read back: every kind, odd names, and expressions that PostgreSQL 14 to 18 print each in its own way.
-- Runs on all of them, as superuser, in an empty database.
create extension if not exists pg_trgm;
create extension if not exists btree_gist;
create extension if not exists citext;
create extension if not exists hstore;
create extension if not exists "uuid-ossp";
create schema app;
create schema "Odd Schema";
create type mood as enum ('sad', 'ok', 'happy');
create type app.level as enum ('low', 'it''s high');
create type "Odd Type" as enum ('A', 'b c');
create type point3 as (x double precision, y double precision, z double precision);
create type app.address as (street text, zip varchar(10), geo point3);
create domain positive as int check (value > 0);
create domain email as citext check (value ~ '^[^@]+@[^@]+$') not null;
create domain app.code as char(3) default 'abc' collate "C" constraint upper_only check (value = upper(value));
create type float_range as range (subtype = float8, subtype_diff = float8mi);
create sequence ticket_no as int increment by 10 start with 100 minvalue 5 maxvalue 100000 cache 7 cycle;
create sequence app.down_no increment by -1;
create sequence "Odd Schema"."Odd Seq";
create collation german (provider = libc, locale = 'C');

create function touch() returns trigger language plpgsql as $$ begin new.updated_at = now(); return new; end $$;
create function full_name(first text, last text default 'x') returns text language sql immutable strict parallel safe as $$ select first || ' ' || last $$;
create function total(variadic numbers numeric[]) returns numeric language sql stable security definer set search_path = public, pg_temp as $$ select sum(n) from unnest(numbers) n $$;
create function pairs(n int, out a int, out b text) returns setof record language sql cost 50 rows 7 as $$ select i, i::text from generate_series(1, n) i $$;
create function add_two(a int, b int) returns int language sql begin atomic select a + b; end;
create function twice(m mood) returns mood[] language sql immutable return array[m, m];
create procedure tidy(inout n int) language plpgsql as $$ begin n := n + 1; commit; end $$;
create function app."Odd Fn"("Arg One" text) returns table ("Out" text) language sql as $$ select "Arg One" $$;
create function guard() returns event_trigger language plpgsql as $$ begin null; end $$;
create function concat_step(state text, value text) returns text language sql immutable as $$ select coalesce(state, '') || value $$;
create aggregate joined(text) (sfunc = concat_step, stype = text, initcond = '');
create function is_near(int, int) returns boolean language sql immutable as 'select abs($1 - $2) < 3';
create operator ~~~ (leftarg = int, rightarg = int, function = is_near, commutator = ~~~);

create table users (
  id uuid primary key default gen_random_uuid(),
  email email,
  handle citext unique,
  first text not null default 'x',
  last text collate "C",
  mood mood not null default 'ok',
  moods mood[] not null default '{ok,happy}'::mood[],
  level app.level default 'it''s high',
  age int check (age between 1 and 150),
  score positive default 5,
  full_name text generated always as (first || ' ' || coalesce(last, 'none')) stored,
  lower_handle text generated always as (lower(handle::text)) stored,
  home app.address,
  attributes hstore default '"a"=>"1"',
  tags text[] not null default array['a', 'b']::text[],
  settings jsonb not null default '{"theme": {"dark": true}}',
  ip inet default '10.0.0.1/8',
  amount numeric(12, 4) default 1.50,
  period tstzrange default tstzrange(null, null),
  spread float_range,
  wait interval(3) default '1 day 02:00:00',
  born date default current_date,
  seen timestamptz(3) default (now() at time zone 'utc'),
  started time default '10:00',
  bits bit varying(8) default b'101',
  raw bytea default '\x00ff',
  search tsvector generated always as (to_tsvector('english'::regconfig, coalesce(first, '') || ' ' || coalesce(last, ''))) stored,
  flag boolean default ((1 > 0) and not false),
  updated_at timestamptz not null default now(),
  constraint users_name check (length(first) > 0 and (last is null or last <> '') and first not in ('root', 'admin')),
  constraint users_score_age check (score >= 0 or age is not null or (mood = any (array['sad'::mood, 'ok'::mood]))) no inherit,
  constraint users_unique_name unique (first, last) include (age) deferrable initially deferred
);
create table documents (
  id bigint generated always as identity (start with 100 increment by 5 cache 3) primary key,
  owner uuid not null references users (id) on update cascade on delete restrict,
  reviewer uuid references users on delete set null deferrable initially deferred,
  title varchar(200) not null,
  body text,
  status text not null default 'draft' check (status in ('draft', 'published', 'it''s gone')),
  price numeric default 0 check (price >= 0 and price < 1e6),
  room int, during tstzrange,
  created_at timestamp not null default now(),
  deleted_at timestamptz,
  meta json default '{}',
  no int not null default nextval('ticket_no'),
  constraint no_overlap exclude using gist (room with =, during with &&) where (deleted_at is null and status <> 'draft'),
  constraint late check (deleted_at is null or deleted_at > created_at at time zone 'utc') not valid
);
create table app.settings (tenant int, key text, value text[][], primary key (tenant, key));
create table app.items (id smallserial primary key, tenant int, key text, foreign key (tenant, key) references app.settings match full on delete cascade);
create table "Odd Schema"."Odd Table" ("Id" bigserial, "select" text default 'it''s "quoted"', "Größe" int, constraint "Odd PK" primary key ("Id"));
create table cycle_a (id int primary key, b int);
create table cycle_b (id int primary key, a int references cycle_a);
alter table cycle_a add constraint cycle_a_b foreign key (b) references cycle_b;
create unlogged table scratch (id int) with (fillfactor = 50, autovacuum_enabled = false);
create table empty_table ();
create table tree (id int primary key, parent int references tree on delete cascade, path text generated always as ('/' || id::text) stored);
create table words (
  s varchar(20) default 'a' check (s in ('a', 'it''s')), c char(3) check (c not in ('a', 'b')), e timestamptz check (e > '2020-01-01'), d date check (d between '2020-01-01' and '2021-01-01'),
  n numeric check (n in (1, 2.5)), i bigint check (i in (1, 2)), nm name check (nm in ('a', 'b')), u uuid check (u in ('00000000-0000-4000-8000-000000000000', '00000000-0000-4000-8000-000000000001'))
);
create index words_s on words (s) where s in ('x', 'y') and s like 'a%';
create view words_view as select * from words where s in ('a', 'b') or s = any ('{c,d}') or s || 'x' in ('ax', nm) or (s, c) in (('a', 'b'), ('c', 'd'));
alter table users alter first set statistics 500;
alter table documents alter body set storage external;
alter sequence "Odd Schema"."Odd Seq" owned by "Odd Schema"."Odd Table"."Größe";

create index users_lower on users (lower(handle::text) text_pattern_ops, (age + 1) desc nulls last);
create index users_partial on users (mood, last) where age > 18 and mood <> all (array['sad'::mood]) and first is distinct from 'x';
create index users_json on users using gin (settings jsonb_path_ops);
create index users_json_value on users ((settings -> 'theme' ->> 'dark'));
create index users_trgm on users using gin (first gin_trgm_ops, last gin_trgm_ops) with (fastupdate = off);
create index users_search on users using gin (search);
create index users_brin on users using brin (updated_at) with (pages_per_range = 64);
create index users_hash on users using hash (first);
create index users_spgist on users using spgist (ip);
create index users_gist on users using gist (period, age);
create unique index users_case on users (first, (case when last is null then 'none' else upper(last) end));
create index users_collate on users (last collate "POSIX", first collate "C" desc);
create index users_range on users using gist (spread);
create index documents_cover on documents (owner, created_at desc) include (title, status);
create index documents_extract on documents ((extract(year from created_at)), date_trunc('month', created_at));
create unique index documents_one_draft on documents (owner) where status = 'draft' and deleted_at is null;
create index documents_title on documents (title varchar_pattern_ops, title);
create index "Odd Index" on "Odd Schema"."Odd Table" ("select", "Größe");
create index cycle_b_a on cycle_b (a) with (fillfactor = 70);
create statistics users_stats (ndistinct, dependencies, mcv) on mood, level from users;
create statistics app.items_stats on tenant, key from app.items;

create view simple as select * from users;
create view joined_view as select d.id, d.title, u.email, u.first as owner_name, r.first as reviewer from documents d join users u on u.id = d.owner left join users r on r.id = d.reviewer where d.deleted_at is null;
create view using_view as select id, a.b, c.a from cycle_a a join cycle_b c using (id);
create view natural_view as select * from cycle_a natural full join (select id, a from cycle_b) x;
create view cte as with recursive t(id, parent, depth) as (select id, parent, 0 from tree where parent is null union all select c.id, c.parent, t.depth + 1 from tree c join t on c.parent = t.id) select id, depth from t where depth between 0 and 10;
create view materialized_cte as with a as materialized (select id, price from documents), b as not materialized (select * from a where price > 10) select count(*) as n, sum(price) from b;
create view windowed as select owner, row_number() over w as nr, sum(price) over (partition by owner order by created_at rows between 1 preceding and current row) as running, lag(price, 1, 0::numeric) over w as before from documents window w as (partition by owner order by id);
create view grouped as select mood, level, grouping(mood, level) as g, count(*) filter (where age > 3) as n, percentile_cont(0.5) within group (order by age) as median, string_agg(first, ', ' order by first desc) as names from users group by grouping sets ((mood, level), (mood), ()) having count(*) > 0;
create view cased as select id, case when price is null then 'free' when price between 1 and 10 then 'cheap' when price in (11, 12, 13) then 'odd' else 'dear' end as class, case status when 'draft' then 1 else 2 end as s, coalesce(body, title::text, 'none') as text, nullif(title, '') as t, greatest(price, 0) as g from documents;
create view timed as select extract(epoch from created_at) as e, created_at at time zone 'Europe/Berlin' as b, created_at::date + interval '1 month 2 days' as next, current_date - created_at::date as days, (created_at, created_at + interval '1 hour') overlaps (now()::timestamp, now()::timestamp) as o, localtimestamp as l, date_part('dow', created_at) as dow from documents;
create view texted as select substring(title from 1 for 3) as a, trim(both 'x' from title) as b, position('a' in title) as c, overlay(title placing 'x' from 2) as d, title like 'a%' as e, title not ilike '%b' as f, title similar to '(a|b)%' as g, title ~* '^x' as h, upper(title) collate "C" as i, 'it''s' || E'\n' as j, left(title, 2) as k from documents;
create view arrays as select tags[1] as first, tags[2:3] as slice, array[1, 2] || 3 as more, array(select id from cycle_a) as sub, 'a' = any (tags) as has, tags @> array['b'] as contains, cardinality(tags) as n, (home).geo.x as x, row(1, 'a')::text as r, array_agg(id) over () as ids from users;
create view jsons as select settings -> 'theme' as t, settings #>> '{theme,dark}' as d, settings ? 'x' as has, jsonb_build_object('a', 1, 'b', array[1, 2]) as o, jsonb_path_exists(settings, '$.a[*] ? (@ > 1)') as p from users;
create view sublinks as select u.id, (select max(price) from documents d where d.owner = u.id) as top, exists (select 1 from documents where owner = u.id) as has, u.age > all (select id from cycle_a) as old, (u.first, u.last) in (select first, last from users) as pair, u.mood not in ('sad', 'ok') as m from users u;
create view laterals as select u.id, l.title, s.n from users u cross join lateral (select title from documents d where d.owner = u.id order by created_at desc limit 1) l, generate_series(1, 3) with ordinality as s(n, o) where s.o > 1 limit 10 offset 1;
create view unions as select id, 'a' as kind from cycle_a union all (select id, 'b' from cycle_b except select 1, 'c') union (values (1, 'v'), (2, 'w')) order by 1 desc nulls last;
create view distincts as select distinct on (owner) owner, id, title from documents order by owner, created_at desc;
create view booleans as select id, not (age > 3 and (last is null or first = 'a')) as a, age is not null as b, (age > 3) is true as c, (age > 3) is not unknown as d, first is distinct from last as e, age <> 3 as f, - age as g, age % 3 as h, age::text::varchar(3) as i, current_user as j, session_user as k from users;
create view checked with (security_barrier = true) as select id, title from documents where status = 'draft' with local check option;
create view functions as select full_name(first, last) as a, full_name(first) as b, total(1, 2, 3) as c, p.a as d, joined(first) as e from users, pairs(3) as p group by first, last, p.a;
create view twice_view as select distinct twice(mood) as t, 5 ~~~ age as near from users;
create view "Odd Schema"."Odd View" as select "Id" as "My Id", "select" from "Odd Schema"."Odd Table" "Odd Alias" where "Größe" > 3;
create view sampled as select id from documents tablesample bernoulli (10) repeatable (3);
create view locked as select id from cycle_a for update;
create view typed as select null::mood as m, '{}'::app.level[] as l, 1::positive as p, 'a@b'::email as e, '[1,2)'::int4range as r, 1.0::numeric(5,2) as n, '1'::bit(3) as b, interval '1' year as i, date '2020-01-01' as d, timestamp with time zone '2020-01-01 00:00+00' as t, x'ff'::int as h, 1e10 as f, 'x'::"char" as c, '(1,2)'::point <-> '(3,4)'::point as dist from cycle_a;
create view deep as select s.id, s.email from (select * from (select u.id, u.email from users u where u.age > 3) a where a.email is not null) s;
create view app.from_home as select u.id, s.value, s.key from users u join app.settings s on s.tenant = u.age;
create materialized view counts as select owner, count(*) as n, min(created_at) as first from documents group by owner with no data;
create materialized view app.summary with (fillfactor = 80) as select mood, count(*) as n from users group by mood order by count(*) desc;
create unique index counts_owner on counts (owner);
create index summary_n on app.summary (n desc) where n > 3;
create rule protect as on delete to users where old.first = 'root' do instead nothing;
create rule simple_insert as on insert to checked do instead insert into cycle_a (id) values (1) returning cycle_a.id::bigint, 'x'::varchar;

alter table documents enable row level security, force row level security;
alter table users enable row level security;
create policy own on documents for select to public using (owner = nullif(current_setting('app.user', true), '')::uuid and deleted_at is null);
create policy writes on documents as restrictive for insert with check (title <> '' and length(title) < 200 and (price > 0 or exists (select 1 from users u where u.id = documents.owner and u.mood = 'happy')));
create policy edits on documents for update using (true) with check (status = any (array['draft', 'published']));
create policy all_users on users to current_user using (age > 3 or age is null);
create trigger touch before update on users for each row when (old.email is distinct from new.email and new.age between 1 and 5) execute function touch();
create trigger touch_columns before update of title, body on documents for each row execute function touch();
create trigger touch_truncate after truncate on documents for each statement execute function touch();
create trigger touch_transition after insert on documents referencing new table as fresh for each statement execute function touch();
create constraint trigger later after insert or update on cycle_a deferrable initially deferred for each row when (new.b > 3) execute function touch();
create trigger instead instead of insert on joined_view for each row execute function touch('a', 'it''s');
alter table documents disable trigger touch_columns;
alter table users enable always trigger touch;
create event trigger watch on ddl_command_end when tag in ('DROP TABLE', 'CREATE TABLE') execute function guard();
create publication news for table cycle_a, cycle_b with (publish = 'insert, update');

create table measures (at timestamptz not null, device int not null, value numeric default 0, primary key (device, at)) partition by range (at);
create table measures_2024 partition of measures for values from ('2024-01-01 00:00+00') to ('2025-01-01 00:00+00');
create table measures_rest partition of measures default;
create index measures_value on measures (value) where value > 0;
create table regions (id int, name text) partition by list (name);
create table regions_a partition of regions (id not null) for values in ('a', 'b', null);
create table hashes (id int) partition by hash (id);
create table hashes_0 partition of hashes for values with (modulus 2, remainder 0);
create table parent (id int not null, note text default 'p', check (id > 0));
create table child (extra text) inherits (parent);

create foreign data wrapper nothing;
create server far foreign data wrapper nothing options (host 'x', "Odd" 'it''s');
create user mapping for public server far options (password 'secret');
create foreign table far_table (id int not null, t text options (name 'y')) server far options (table_name 'z');
create text search dictionary simple_german (template = pg_catalog.simple, stopwords = 'german');
create text search configuration mine (copy = pg_catalog.english);
alter text search configuration mine alter mapping for asciiword with simple_german;
create function mood_number(m mood) returns int language sql immutable as $$ select case m when 'sad' then 1 when 'ok' then 2 else 3 end $$;
create cast (mood as int) with function mood_number(mood) as assignment;

comment on schema app is 'the app''s own';
comment on table users is 'who may sign in';
comment on column users.email is E'two\nlines and a \\ backslash';
comment on function full_name(text, text) is 'a name';
comment on index users_lower is 'an index';
comment on constraint users_name on users is 'a constraint';
comment on type mood is 'a type';
comment on view joined_view is 'a view';
comment on trigger touch on users is 'a trigger';
comment on policy own on documents is 'a policy';
comment on materialized view counts is 'counted';
comment on sequence ticket_no is 'numbers';
comment on domain positive is 'above zero';

do $$ begin create role nasty_reader; exception when duplicate_object then null; end $$;
do $$ begin create role nasty_writer login; exception when duplicate_object then null; end $$;
grant select on users, documents, joined_view, counts, measures, far_table to nasty_reader;
grant insert, update, delete on documents to nasty_writer with grant option;
grant all on app.settings to nasty_writer;
grant select (id, email), update (first, last) on users to nasty_writer;
grant references (id) on documents to public;
grant select (title) on joined_view to nasty_writer;
grant usage on schema app, "Odd Schema" to nasty_reader, nasty_writer;
grant usage, select on sequence ticket_no to nasty_writer;
grant usage on type mood, positive, app.address to nasty_reader;
grant execute on function full_name(text, text), joined(text) to nasty_reader;
grant execute on procedure tidy(int) to nasty_writer;
revoke execute on function total(numeric[]) from public;
revoke usage on type app.level from public;
alter default privileges grant select on tables to nasty_reader;
alter default privileges in schema app grant all on tables to nasty_writer;
alter default privileges in schema public revoke execute on functions from nasty_writer;
alter default privileges revoke execute on functions from public;
alter default privileges for role nasty_writer grant usage on types to nasty_reader with grant option;
create user mapping for nasty_reader server far options (name 'r');
create policy readers on documents for select to nasty_reader, nasty_writer using (exists (select from users u where u.id = owner) or (select count(*) from tree where parent is null) > 3);

create operator class by_length for type text using btree as operator 1 <, operator 2 <=, operator 3 =, operator 4 >=, operator 5 >, function 1 bttextcmp(text, text);
create index documents_length on documents (title by_length);
alter table cycle_a replica identity full;
create unique index empty_one on cycle_b (id);
alter table cycle_b replica identity using index empty_one;
create table kept (id int primary key, body text) with (toast.autovacuum_enabled = false, fillfactor = 90);
create function latest(n int) returns setof tree stable language sql begin atomic select * from tree where id < n order by path; end;
create rule logged as on update to tree do also (select t.id from tree t where t.parent = new.id; update cycle_a set b = new.parent where id = old.id);
create table sub_measures (at timestamptz not null, device int not null, value numeric) partition by list (device);
alter table measures attach partition sub_measures for values from ('2025-01-01 00:00+00') to ('2026-01-01 00:00+00');
create table sub_measures_1 partition of sub_measures for values in (1, 2);
alter table measures_2024 alter value set default 3;
create table grandchild (depth int) inherits (child);
