create type addr as (no bigint, street varchar(50), city text);
create table t (id int primary key, a addr);
create view v as select (a).street as s from t;
