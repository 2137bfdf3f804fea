create domain email as text check (value like '%@%');
create domain qty as int default 1 not null constraint positive check (value > 0) constraint small check (value < 100);
create domain code as varchar(10) collate "C";
create table t (id int primary key, e email, n qty, c code);
