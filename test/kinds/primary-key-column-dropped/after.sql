create table a (x int primary key);
create table b (x int references a);
