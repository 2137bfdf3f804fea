create type mood as enum ('a'); create table t (id int primary key, m mood default 'a');
create function f(x t) returns mood language sql stable as 'select x.m';
create view v as select f(t.*) as m from t;
create function g() returns setof v language sql as 'select * from public.v';
create policy p on t using (f(t.*) = 'a');
create materialized view mv as select * from g();
