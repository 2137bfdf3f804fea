create table t (a int, c int, d int); create view v as select * from t;
