create table t (id int primary key, n int, m numeric, constraint u unique (n) include (m));
create table old (id int primary key, n int constraint old_n references t (n));
