create table t (a int, b int, c int); create view v as select * from t;
