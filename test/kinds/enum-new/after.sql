create type mood as enum ('sad', 'it''s', 'ok');
create table t (a text, m mood not null default 'sad', ms mood[] default '{sad,ok}');
