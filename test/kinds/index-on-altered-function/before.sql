create function f(a int) returns int language sql immutable as 'select a';
create table t (a int); create index i on t (f(a)); insert into t values (1);
