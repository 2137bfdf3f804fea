create table t (a int) with (fillfactor=50);
create table u (a int);
create unlogged table n (a int) with (autovacuum_vacuum_scale_factor=0.1);
