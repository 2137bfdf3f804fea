create table t (a int default 5, b int, c int default 3, d text default E'tab\tand \\ back', e text default '$$ '' $$');
