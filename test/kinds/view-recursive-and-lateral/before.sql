create table t (id int primary key, p int, n numeric(5,2));
