create table t (a bigint, c bigint generated always as (a + 1) stored);
create index t_c on t (c);
