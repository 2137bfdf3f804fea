create function f(a int) returns int language plpgsql stable security definer set search_path = public, pg_temp as $$ begin return a + 1; /* $function$ */ end $$;
create procedure p() language sql as 'select 2';
