create function f() returns table (x int, y int) language sql as 'select 1, 2';
create view v as select x from f();
