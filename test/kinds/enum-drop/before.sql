create type mood as enum ('a', 'b');
create table t (m mood default 'a', n mood[], gone mood);
insert into t values ('b', '{a}', 'a');
