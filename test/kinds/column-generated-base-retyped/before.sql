create table t (a int, c int generated always as (a + 1) stored);
create index t_c on t (c);
