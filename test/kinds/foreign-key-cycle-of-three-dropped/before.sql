create table a (id int primary key, x int); create table b (id int primary key, x int references a); create table c (id int primary key, x int references b);
alter table a add foreign key (x) references c; alter table a add y int references a;
create table d (x int references a); create table e (x int references b);
