create table t (a int, b int, constraint t_a_key unique (a), constraint u2 unique (a, b));
