create table t (a int default 1, b int default 2, c int, d text default 'it''s; -- "not" a comment', e text);
