DROP FUNCTION "f"(a integer);
CREATE OR REPLACE FUNCTION "f"(a integer, b integer)
 RETURNS integer
 LANGUAGE sql
AS $function$select 3$function$;
CREATE OR REPLACE FUNCTION "f"(VARIADIC a numeric[])
 RETURNS TABLE(x integer, y text)
 LANGUAGE sql
AS $function$ select 1, 'a' $function$;
