create table t (a int, b int, c text);
create statistics s (ndistinct, mcv) on a, b from t;
create statistics e on (lower(c)) from t;
alter statistics e set statistics 500;
create statistics together on a, (b + 1) from t;
comment on statistics together is 'together';
