create table a (x int primary key);
create table b (a int references a (x), a2 int constraint named references a);
