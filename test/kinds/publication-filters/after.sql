create table t (id int primary key, a text, b int);
create schema s;
create publication p for table t (id, b) where (id > 10);
create publication q for tables in schema s;
