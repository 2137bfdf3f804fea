create table t (a int); create materialized view m as select a from t; create view v as select a from m; create materialized view m2 as select a from v; create unique index m2_a on m2 (a);
