create table t (a int, b text default 'x');
create function nextname() returns text language sql as $$ select 'n' $$;
alter table t alter b set default nextname();
alter table t alter a set default length(nextname());
