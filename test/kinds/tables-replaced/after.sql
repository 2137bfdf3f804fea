create table c (id int primary key); create table b (id int primary key, c int references c);
create view v as select b.id from b join c on c.id = b.c;
