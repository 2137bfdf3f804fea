DROP FUNCTION "f"(VARIADIC a numeric[]);
DROP FUNCTION "f"(a integer, b integer);
CREATE OR REPLACE FUNCTION "f"(a integer)
 RETURNS integer
 LANGUAGE sql
AS $function$select 1$function$;
