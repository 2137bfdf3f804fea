DROP POLICY "p" ON "t";
DROP FUNCTION "me"();
CREATE OR REPLACE FUNCTION "me"()
 RETURNS integer
 LANGUAGE sql
 STABLE
AS $function$select 1$function$;
CREATE POLICY "p" ON "t" AS PERMISSIVE FOR ALL TO public
  USING (a = me());
