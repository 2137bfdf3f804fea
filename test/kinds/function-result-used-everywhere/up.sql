DROP VIEW "v";
DROP INDEX "i";
ALTER TABLE "t" DROP CONSTRAINT "t_b_check";
ALTER TABLE "t" ALTER COLUMN "a" DROP DEFAULT;
DROP FUNCTION "f"(a integer);
CREATE OR REPLACE FUNCTION "f"(a integer)
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE
AS $function$select a::bigint$function$;
ALTER TABLE "t" ALTER COLUMN "a" SET DEFAULT f(1);
ALTER TABLE "t" ADD CONSTRAINT "t_b_check" CHECK (f(b) > 0);
CREATE INDEX "i" ON "t" (f(a));
CREATE VIEW "v" AS
 SELECT f(a) AS x
   FROM t;
