create table t (a int);
create table v (a int);
create view m as select a from t;
