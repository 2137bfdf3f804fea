create table t (id int primary key, a text) with (autovacuum_enabled = false, fillfactor = 60);
create index i on t (id) with (deduplicate_items = off, fillfactor = 60);
create view v with (check_option = local, security_barrier = true) as select id, a from t where id > 1;
