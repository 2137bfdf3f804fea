create function tf() returns trigger language plpgsql as 'begin return new; end';
create table t (id int); create trigger a before insert on t for each row execute function tf(); create trigger b before insert on t for each row execute function tf(); alter table t disable trigger a;
