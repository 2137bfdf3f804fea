create type addr as (street text, zip varchar(10), city text);
create type pair as (x int, y text collate "C");
comment on type pair is 'two';
comment on column pair.y is 'second';
create table t (id int primary key, a addr, p pair[]);
create function f(a addr) returns text language sql as 'select (a).street';
