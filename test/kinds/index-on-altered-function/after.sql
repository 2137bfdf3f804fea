create function f(a int) returns int language sql immutable as 'select a + 1';
create table t (a int); create index i on t (f(a));
