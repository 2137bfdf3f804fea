create table t (a int, b int, constraint y unique (a), constraint x check (b > 0));
