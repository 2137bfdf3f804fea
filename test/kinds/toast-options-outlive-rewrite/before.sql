create table t (id int primary key, a interval, b text) with (toast.autovacuum_enabled = false);
