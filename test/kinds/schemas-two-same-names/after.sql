create schema a; create schema b;
create table a.t (id bigint primary key, x int); create table b.t (id bigint primary key references a.t, y text);
create index t_x on b.t (y); create table t (id int);
