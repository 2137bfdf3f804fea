DROP VIEW "v";
DROP FUNCTION "f"();
CREATE OR REPLACE FUNCTION "f"()
 RETURNS TABLE(x integer, y integer)
 LANGUAGE sql
AS $function$select 1, 2$function$;
CREATE VIEW "v" AS
 SELECT x
   FROM f() f(x, y);
