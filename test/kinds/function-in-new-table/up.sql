CREATE OR REPLACE FUNCTION "code"()
 RETURNS text
 LANGUAGE sql
AS $function$ select 'c' || 1 $function$;
CREATE OR REPLACE FUNCTION "valid"(x text)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
AS $function$ select length(x) > 1 $function$;
CREATE TABLE "t" (
  "a" text DEFAULT code(),
  CONSTRAINT "t_a_check" CHECK (valid(a))
);
CREATE INDEX "t_valid" ON "t" (valid(a));
