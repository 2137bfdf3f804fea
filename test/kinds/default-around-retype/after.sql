create table t (a int default 1, b text default 'zero', c text default 'no');
