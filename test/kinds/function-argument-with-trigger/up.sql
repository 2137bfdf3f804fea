DROP FUNCTION "g"(a integer, b text);
DROP TRIGGER "tr" ON "t";
CREATE OR REPLACE FUNCTION "touch"()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ begin new.a = 1; return new; end $function$;
CREATE TRIGGER "tr"
  BEFORE INSERT ON "t"
  FOR EACH ROW EXECUTE FUNCTION touch('y');
CREATE OR REPLACE FUNCTION "g"(a integer, c text DEFAULT 'x'::text)
 RETURNS text
 LANGUAGE sql
AS $function$select c$function$;
COMMENT ON FUNCTION "g"(a integer, c text) IS 'gee';
