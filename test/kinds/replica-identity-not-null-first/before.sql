create table t (id int primary key, n int);
create unique index i on t (n);
