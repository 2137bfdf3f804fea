create table t (a int, b int, c int generated always as (a * b) stored, d text, e text generated always as (lower(d)) stored);
