create table t (a bigint, b int);
create function tf() returns trigger language plpgsql as $$ begin return null; end $$;
create trigger rw before update of a on t for each row when (old.a <> new.a) execute function tf();
alter table t disable trigger rw;
