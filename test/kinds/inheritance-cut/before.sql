create table p (id int, a int, constraint pos check (a > 0));
create table c () inherits (p);
create index c_a on c (a);
