create type e as enum ('a', 'b'); revoke usage on type e from public; grant usage on type e to ga;
create table t (id int primary key, a e, b int); grant select (a) on t to ga; grant select on t to gb;
create view v as select a, b from t; grant select on v to ga;
create function f(x e) returns e language sql as 'select $1'; revoke execute on function f(e) from public;
