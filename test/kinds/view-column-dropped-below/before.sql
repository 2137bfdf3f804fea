create table t (a int, b text, c text);
create view v as select a, b from t;
create view w as select * from v;
