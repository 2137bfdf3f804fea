create table t (id int primary key, a text);
create table log (id int);
create view v as select id, a from t;
create rule keep as on delete to t where old.id > 10 do instead nothing;
alter table t disable rule keep;
create rule put as on insert to v do instead insert into t values (new.id, new.a);
comment on rule put on v is 'goes through';
