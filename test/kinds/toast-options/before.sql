create table t (id int primary key, a text);
create table u (id int primary key, a text) with (toast.autovacuum_enabled = false);
create table w (id int primary key);
create materialized view m with (toast.autovacuum_enabled = false) as select 'x'::text as x;
