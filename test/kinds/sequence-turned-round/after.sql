create sequence s as int increment by -1 cache 7;
create table t (id int generated always as identity (minvalue 1 maxvalue 9) primary key);
