create table t (a int);
create view v as select a from t;
create view w with (security_barrier=true) as select a from t where a > 0;
