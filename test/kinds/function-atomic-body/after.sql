create table t (a int, b int);
create function n() returns bigint language sql begin atomic select count(b) from t; end;
create function m() returns setof t language sql as 'select * from t';
