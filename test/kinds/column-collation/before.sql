create table t (a text, b text collate "C", c varchar(5) collate "C");
create index t_a on t (a);
