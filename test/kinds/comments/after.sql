create schema app; create table t (a int primary key, b int constraint bc check (b > 0)); create index i on t (b); create type e as enum ('a');
create sequence s; create view v as select a from t; create function f() returns int language sql as 'select 1';
comment on table t is E'it''s\na \\ comment; -- $$'; comment on column t.a is 'col'; comment on constraint bc on t is 'check'; comment on constraint t_pkey on t is 'key';
comment on index i is 'idx'; comment on type e is 'type'; comment on sequence s is 'seq'; comment on view v is 'view'; comment on column v.a is 'view col'; comment on function f() is 'fn'; comment on schema app is 'app';
