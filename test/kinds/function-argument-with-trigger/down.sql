DROP FUNCTION "g"(a integer, c text);
DROP TRIGGER "tr" ON "t";
CREATE OR REPLACE FUNCTION "touch"()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ begin return new; end $function$;
CREATE TRIGGER "tr"
  BEFORE INSERT ON "t"
  FOR EACH ROW EXECUTE FUNCTION touch('x');
CREATE OR REPLACE FUNCTION "g"(a integer, b text DEFAULT 'x'::text)
 RETURNS text
 LANGUAGE sql
AS $function$select b$function$;
COMMENT ON FUNCTION "g"(a integer, b text) IS 'gee';
