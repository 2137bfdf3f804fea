-- since: 15
create table t (id int primary key, a text, b int);
create schema s;
create publication p for table t;
