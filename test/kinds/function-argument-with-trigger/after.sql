create table t (a int);
create function touch() returns trigger language plpgsql as $$ begin new.a = 1; return new; end $$;
create trigger tr before insert on t for each row execute function touch('y');
create function g(a int, c text default 'x') returns text language sql as 'select c';
comment on function g(int, text) is 'gee';
