create table t (a int); create function g() returns trigger language plpgsql as $$ begin return new; end $$;
create trigger x before insert on t for each row execute function g();
