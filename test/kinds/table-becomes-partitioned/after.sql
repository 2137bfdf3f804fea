create table m (id int not null, a text) partition by list (id);
create table m1 partition of m for values in (1);
create view v as select id from m;
