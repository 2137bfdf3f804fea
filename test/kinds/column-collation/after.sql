create table t (a text collate "C", b text, c varchar(5) collate "POSIX");
create index t_a on t (a);
