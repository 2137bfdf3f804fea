create table t (a int);
create view v with (security_invoker=true) as select a from t;
create view w as select a from t where a > 0 with local check option;
