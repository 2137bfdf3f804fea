CREATE OR REPLACE FUNCTION "f"(a integer)
 RETURNS integer
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $functionx$ begin return a + 1; /* $function$ */ end $functionx$;
CREATE OR REPLACE PROCEDURE "p"()
 LANGUAGE sql
AS $procedure$select 2$procedure$;
