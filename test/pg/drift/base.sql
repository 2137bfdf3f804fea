create extension if not exists pg_trgm;
create extension if not exists btree_gist;
create schema app;
create type mood as enum ('sad', 'ok', 'happy');
create domain positive as int check (value > 0);
create type address as (street text, zip varchar(10));
create type span as range (subtype = float8);
create function join_step(state text, value text) returns text language sql immutable as $$ select coalesce(state, '') || value $$;
create aggregate joined(text) (sfunc = join_step, stype = text);
create foreign data wrapper nothing;
create server far foreign data wrapper nothing options (host 'x');
create foreign table far_table (id int, t text) server far options (table_name 'z');
create sequence ticket_no increment by 10 start with 100;
create function touch() returns trigger language plpgsql as $$ begin new.updated_at = now(); return new; end $$;
create function full_name(first text, last text) returns text language sql immutable as $$ select first || ' ' || last $$;
create table users (
  id uuid primary key default gen_random_uuid(),
  email varchar(120) not null,
  first text not null default 'x',
  last text,
  mood mood not null default 'ok',
  age int check (age > 0 and age < 150),
  slug text generated always as (lower(email)) stored,
  tags text[] not null default '{}',
  updated_at timestamptz not null default now(),
  constraint users_email_key unique (email),
  constraint users_name_check check (length(first) > 0 or last is not null)
);
create table documents (
  id bigint generated always as identity primary key,
  user_id uuid not null references users (id) on delete cascade,
  title text not null,
  body text,
  status text not null default 'draft' check (status in ('draft', 'published', 'gone')),
  price numeric(10, 2) default 0,
  period tstzrange,
  room int,
  created_at timestamptz not null default now(),
  deleted_at timestamptz,
  constraint documents_period_excl exclude using gist (room with =, period with &&) where (deleted_at is null)
);
create table notes (id serial primary key, document_id bigint, text varchar(50), n smallint);
create table app.settings (key text, tenant int, value jsonb not null default '{}', primary key (key, tenant));
create index documents_user on documents (user_id, created_at desc);
create index documents_title on documents using gin (title gin_trgm_ops);
create index documents_open on documents (user_id) where deleted_at is null and status <> 'gone';
create index documents_lower on documents (lower(title), (price * 2));
create index documents_cover on documents (created_at) include (title, status);
create unique index notes_text on notes (text);
create view published as select d.id, d.title, u.email from documents d join users u on u.id = d.user_id where d.status = any (array['published']) and d.deleted_at is null;
create view titles with (security_barrier = true) as select id, upper(title) as title, case when price between 1 and 10 then 'cheap' else 'dear' end as class from documents;
create materialized view counts as select user_id, count(*) as n from documents group by user_id;
create index counts_user on counts (user_id);
alter table documents enable row level security;
create policy own on documents for select to public using (user_id = nullif(current_setting('app.user', true), '')::uuid and deleted_at is null);
create policy writes on documents for insert with check (title <> '' and length(title) < 200);
create trigger touch before update on users for each row when (old.email is distinct from new.email) execute function touch();
comment on table users is 'who may sign in';
comment on column users.email is 'unique';
create statistics users_stats (ndistinct) on mood, age from users;
create rule protect as on delete to notes do instead nothing;
create table plain (id int primary key);
create publication news for table plain;
create function guard() returns event_trigger language plpgsql as $$ begin null; end $$;
create event trigger watch on ddl_command_end execute function guard();
do $$ begin create role drift_reader; exception when duplicate_object then null; end $$;
do $$ begin create role drift_writer; exception when duplicate_object then null; end $$;
create type stage as enum ('one', 'two');
create function spare() returns int language sql immutable as 'select 1';
grant select on users, published to drift_reader;
grant insert, update on documents to drift_writer;
grant select (email), update (first) on users to drift_writer;
grant usage on schema app to drift_reader;
grant usage on sequence ticket_no to drift_writer;
grant usage on type mood to drift_reader;
grant execute on function full_name(text, text) to drift_reader;
alter default privileges in schema app grant select on tables to drift_reader;
alter default privileges grant execute on functions to drift_writer;
create policy readers on documents for select to drift_reader using (true);
create table events (at timestamptz not null, kind text, primary key (at)) partition by range (at);
create table events_2024 partition of events for values from ('2024-01-01 00:00+00') to ('2025-01-01 00:00+00');
create table events_rest partition of events default;
create table events_2025 (at timestamptz not null, kind text, primary key (at));
create table parent (id int not null, note text default 'p');
create table child (extra text) inherits (parent);
create table stray (id int not null, note text default 's');
create collation german (provider = libc, locale = 'C');
create function is_near(int, int) returns boolean language sql immutable as 'select abs($1 - $2) < 3';
create operator ~~~ (leftarg = int, rightarg = int, function = is_near);
create operator class by_length for type text using btree as operator 1 <, operator 2 <=, operator 3 =, operator 4 >=, operator 5 >, function 1 bttextcmp(text, text);
create function mood_number(m mood) returns int language sql immutable as $$ select case m when 'sad' then 1 else 2 end $$;
create cast (mood as int) with function mood_number(mood) as assignment;
create text search dictionary plain_words (template = pg_catalog.simple, accept = true);
create text search configuration mine (copy = pg_catalog.simple);
create user mapping for drift_reader server far options (name 'r');
alter table plain replica identity full;
alter table documents alter body set storage external;
create table kept (id int primary key, body text) with (toast.autovacuum_enabled = false);
