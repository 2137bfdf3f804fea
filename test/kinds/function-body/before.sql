create function f(a int) returns int language plpgsql as $$ begin return a; end $$;
create procedure p() language sql as 'select 1';
