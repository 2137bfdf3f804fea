DROP TRIGGER "x" ON "t";
DROP FUNCTION "f"();
CREATE OR REPLACE FUNCTION "g"()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ begin return new; end $function$;
CREATE TRIGGER "x"
  BEFORE INSERT ON "t"
  FOR EACH ROW EXECUTE FUNCTION g();
