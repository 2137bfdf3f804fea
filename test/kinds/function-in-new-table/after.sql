create function code() returns text language sql as $$ select 'c' || 1 $$;
create function valid(x text) returns boolean language sql immutable as $$ select length(x) > 1 $$;
create table t (a text default code(), check (valid(a)));
create index t_valid on t (valid(a));
