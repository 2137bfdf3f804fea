create function f(a text) returns int language sql as 'select 2';
create function f(a int, b int) returns int language sql as 'select 3';
create function f(variadic a numeric[]) returns table (x int, y text) language sql as $$ select 1, 'a' $$;
