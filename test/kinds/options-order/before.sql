create table t (id int primary key, a text) with (fillfactor = 60, autovacuum_enabled = false);
create index i on t (id) with (fillfactor = 60, deduplicate_items = off);
create view v with (security_barrier = true, check_option = local) as select id, a from t where id > 1;
