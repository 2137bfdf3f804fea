create schema a; create schema b;
create table a.t (id int primary key, x int); create table b.t (id int primary key references a.t);
create index t_x on a.t (x);
