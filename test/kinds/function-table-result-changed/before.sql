create function f() returns table (x int) language sql as 'select 1';
create view v as select x from f();
