create collation plain (locale = 'POSIX');
create collation fresh (locale = 'C');
comment on collation fresh is 'bytes';
create table t (id int primary key, a text collate plain, b text collate fresh);
