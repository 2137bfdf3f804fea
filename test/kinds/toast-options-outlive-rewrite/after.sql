create table t (id int primary key, a bytea) with (toast.autovacuum_enabled = false);
