create type e as enum ('a', 'd');
create table t (id int primary key, b e[]);
