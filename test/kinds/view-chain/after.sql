create table t (a bigint, b text);
create view v1 as select a, b from t;
create view v2 as select a + 1 as a1, b from v1;
create view v3 as select a1, upper(b) as b from v2;
comment on view v3 is 'third';
