create table m (id int not null, a text);
create view v as select id from m;
