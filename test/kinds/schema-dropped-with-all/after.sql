create table t (a int, e text default 'a');
