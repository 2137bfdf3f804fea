create type addr as (street text, no int);
create table t (id int primary key, a addr);
create view v as select (a).street as s from t;
