create table t (a int); create index i on t (a) with (fillfactor=90); alter table t alter a set statistics 50;
