create table t (a int);
create function touch() returns trigger language plpgsql as $$ begin return new; end $$;
create trigger tr before insert on t for each row execute function touch('x');
create function g(a int, b text default 'x') returns text language sql as 'select b';
comment on function g(int, text) is 'gee';
