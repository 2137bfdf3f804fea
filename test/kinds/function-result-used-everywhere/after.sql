create function f(a int) returns bigint language sql immutable as 'select a::bigint';
create table t (a int default f(1), b int, check (f(b) > 0), c int generated always as (f(b)) stored);
create index i on t (f(a));
create view v as select f(a) as x from t;
