create table t (a int, c text);
create view v as select a, c from t;
create view w as select * from v;
