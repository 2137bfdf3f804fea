create table a (id int primary key); create table b (id int primary key, a int references a);
create view v as select b.id from b join a on a.id = b.a;
