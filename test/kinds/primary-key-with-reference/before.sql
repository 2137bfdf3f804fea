create table a (x int constraint a_key primary key);
create table b (a int references a (x), a2 int constraint named references a);
