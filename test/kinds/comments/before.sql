create schema app; create table t (a int primary key, b int constraint bc check (b > 0)); create index i on t (b); create type e as enum ('a');
create sequence s; create view v as select a from t; create function f() returns int language sql as 'select 1';
comment on table t is 'old'; comment on column t.b is 'gone';
