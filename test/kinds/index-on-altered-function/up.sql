CREATE OR REPLACE FUNCTION "f"(a integer)
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE
AS $function$select a + 1$function$;
