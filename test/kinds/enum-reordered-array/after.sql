create type mood as enum ('b', 'a');
create table t (id int, ms mood[] default '{a}', m2 mood[] not null default array['a'::mood]);
create function f(m mood) returns mood language sql immutable as 'select m';
