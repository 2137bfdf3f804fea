create type e as enum ('d');
create table t (id int primary key, b e[]);
alter table t alter b set storage external;
