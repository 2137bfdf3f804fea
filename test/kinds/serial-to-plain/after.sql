create table t (id int primary key, b bigint not null);
