create table p (id int not null, a bigint default 2, n int not null default 0);
create table q (z int);
create table c (x int) inherits (p, q);
alter table c alter column a set default 9;
create table d (id int not null, a bigint default 3, n int not null default 0, y int) inherits (p);
create index c_a on c (a);
create index d_n on d (n);
create view v as select a from c;
