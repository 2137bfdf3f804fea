create table t (id int primary key, n int, m int not null, constraint u unique (n) include (m));
create table old (id int primary key, n int constraint old_n references t (n));
create table fresh (id int primary key, n int constraint fresh_n references t (n));
