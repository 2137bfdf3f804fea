create table t (a int, c bigint generated always as (a + 1) stored, d int);
create index t_c on t (c); create view v as select c from t;
insert into t (a) values (1);
