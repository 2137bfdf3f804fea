create type mood as enum ('a', 'b', 'c', 'd', 'e', 'f');
create table t (m mood default 'b');
