create table t (id int primary key, n int, d date, j jsonb);
