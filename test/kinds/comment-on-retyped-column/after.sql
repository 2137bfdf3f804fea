create table t (a bigint check (a > 0)); comment on column t.a is 'a'; comment on constraint t_a_check on t is 'c';
create view v as select a from t; comment on view v is 'v'; comment on column v.a is 'va';
