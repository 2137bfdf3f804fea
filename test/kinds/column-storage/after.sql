create table t (id int primary key, a text, b text, c jsonb, d varchar(10), e text);
alter table t alter a set storage main, alter b set statistics 100, alter c set (n_distinct_inherited = 7), alter d set storage main, alter e set compression pglz;
create table p (a text) partition by list (a); alter table p alter a set storage external; create table p1 partition of p default;
