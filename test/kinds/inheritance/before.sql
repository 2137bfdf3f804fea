create table p (id int not null, a int default 1, b text, constraint pos check (a > 0));
create table c (x int) inherits (p);
create table d (id int not null, a int default 3, b text, constraint pos check (a > 0), y int);
create index c_a on c (a);
create view v as select a from c;
