create table t (a int); create index i on t (a) with (fillfactor=70);
