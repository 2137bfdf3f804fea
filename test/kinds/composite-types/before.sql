create type addr as (street text, zip varchar(10), old int);
create type gone as (a int);
create table t (id int primary key, a addr);
create function f(a addr) returns text language sql as 'select (a).street';
