create type a as enum ('x', 'y'); create type b as enum ('x', 'y', 'z');
create table t (c a not null default 'x');
insert into t values ('y');
