create table t (id int primary key, a text);
create table log (id int);
create view v as select id, a from t;
create rule keep as on delete to t do instead nothing;
create rule old as on update to t do also insert into log values (new.id);
