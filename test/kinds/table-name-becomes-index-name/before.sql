create table thing (a int); create table t (a int);
