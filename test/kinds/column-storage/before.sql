create table t (id int primary key, a text, b text, c jsonb, d text);
alter table t alter a set storage external, alter b set statistics 500, alter c set (n_distinct = 5), alter d set storage main;
create table p (a text) partition by list (a); create table p1 partition of p default;
