create type mood as enum ('a', 'b');
create table t (id int, ms mood[] default '{a}', m2 mood[] not null default array['a'::mood]);
insert into t values (1);
create function f(m mood) returns mood language sql immutable as 'select m';
