create table t (id int primary key, a text) with (toast.autovacuum_vacuum_threshold = 9, toast.autovacuum_enabled = false);
create table u (id int primary key, a text) with (fillfactor = 70);
create table v (a text) with (toast.autovacuum_enabled = false);
create table w (id int primary key, b text);
alter table w set (toast.autovacuum_enabled = false);
create materialized view m with (toast.autovacuum_enabled = true) as select 'x'::text as x;
