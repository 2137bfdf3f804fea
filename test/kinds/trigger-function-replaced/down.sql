DROP TRIGGER "x" ON "t";
DROP FUNCTION "g"();
CREATE OR REPLACE FUNCTION "f"()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ begin return new; end $function$;
CREATE TRIGGER "x"
  BEFORE INSERT ON "t"
  FOR EACH ROW EXECUTE FUNCTION f();
