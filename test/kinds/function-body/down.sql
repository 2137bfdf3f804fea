CREATE OR REPLACE FUNCTION "f"(a integer)
 RETURNS integer
 LANGUAGE plpgsql
AS $function$ begin return a; end $function$;
CREATE OR REPLACE PROCEDURE "p"()
 LANGUAGE sql
AS $procedure$select 1$procedure$;
