create domain d as int check (value > 0);
create table t (id int primary key, a d default 1, b d[], check (a < 10));
create view v as select a from t;
create function f(d) returns d language sql as 'select $1';
