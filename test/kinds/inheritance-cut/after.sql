create table c (id int, a int, constraint pos check (a > 0));
create index c_a on c (a);
