create sequence s as int increment by 2 minvalue -50 maxvalue 90 start 10;
create table t (id int generated always as identity (start with 20 minvalue 5 maxvalue 99) primary key);
