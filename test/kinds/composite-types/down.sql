DROP FUNCTION "f"(a addr);
ALTER TABLE "t" DROP COLUMN "p";
DROP TYPE "pair";
ALTER TYPE "addr" DROP ATTRIBUTE "city";
ALTER TYPE "addr" ADD ATTRIBUTE "old" integer;
CREATE TYPE "gone" AS ("a" integer);
CREATE OR REPLACE FUNCTION "f"(a addr)
 RETURNS text
 LANGUAGE sql
AS $function$select (a).street$function$;
