create table t (a smallint, c bigint generated always as (a + 1) stored, d int);
create index t_c on t (c); create view v as select c from t;
