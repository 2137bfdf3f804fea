create table t (a int, b text);
create view v as select a from t; create view w as select a from v;
