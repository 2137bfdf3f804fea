create table t (a bigint);
create view v as select a from t;
create function tf() returns trigger language plpgsql as $$ begin return null; end $$;
create trigger i instead of insert on v for each row execute function tf();
