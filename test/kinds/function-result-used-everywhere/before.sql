create function f(a int) returns int language sql immutable as 'select a';
create table t (a int default f(1), b int, check (f(b) > 0), c int generated always as (f(b)) stored);
create index i on t (f(a));
create view v as select f(a) as x from t;
