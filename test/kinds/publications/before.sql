create table t (id int primary key, a text);
create table u (id int primary key);
create publication p for table t;
create publication gone for all tables;
