create table t (a int); create index thing on t (a);
