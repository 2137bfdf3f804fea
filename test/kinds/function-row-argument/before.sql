create table t (a int, b text);
create function label(r t) returns text language sql as 'select r.b';
