-- swap enums
create type mood as enum ('sad', 'ok', 'happy');
create table t (id int primary key, m mood not null default 'ok', n mood);
insert into t values (1, 'ok', 'happy');
create index t_m on t (m); create index t_ok on t (id) where m = 'ok';
create view v as select id, m from t where m <> 'happy';
create view v2 as select id from v;
alter table t add check (m <> 'sad' or id > 0);
