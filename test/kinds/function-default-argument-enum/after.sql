create type mood as enum ('b');
create table t (m mood);
create function f(x mood default 'b') returns setof mood language sql as 'select x';
