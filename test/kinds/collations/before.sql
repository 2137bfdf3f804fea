create collation plain (locale = 'C');
create collation gone (locale = 'POSIX');
create table t (id int primary key, a text collate plain);
