-- swap enums
create type mood as enum ('a', 'b', 'c');
create function d() returns mood language sql as $$ select 'a'::mood $$;
create table t (id int, m mood default d(), n mood, g boolean generated always as (n = 'a') stored, constraint m_ok check (m <> 'b'));
create unique index u on t ((m = 'a'));
create policy p on t using (m = 'a');
insert into t (id, n) values (1, 'b');
