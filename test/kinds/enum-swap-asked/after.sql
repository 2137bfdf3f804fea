create type mood as enum ('a', 'b');
create table t (m mood default 'b');
create index i on t (m) where m = 'b';
