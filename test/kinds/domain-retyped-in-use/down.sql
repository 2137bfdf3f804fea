DROP FUNCTION "f"(d);
DROP VIEW "v";
ALTER TABLE "t" DROP CONSTRAINT "t_a_check";
ALTER TABLE "t" ALTER COLUMN "a" DROP DEFAULT;
ALTER TYPE "d" RENAME TO "d__old";
CREATE DOMAIN "d" AS integer
  CONSTRAINT "d_check" CHECK (VALUE > 0);
ALTER TABLE "t" ALTER COLUMN "a" SET DATA TYPE "d" USING "a"::bigint::integer::"d";
ALTER TABLE "t" ALTER COLUMN "b" SET DATA TYPE "d"[] USING "b"::bigint[]::integer[]::"d"[];
DROP TYPE "d__old";
ALTER TABLE "t" ALTER COLUMN "a" SET DEFAULT 1;
ALTER TABLE "t" ADD CONSTRAINT "t_a_check" CHECK (a::integer < 10);
CREATE VIEW "v" AS
 SELECT a
   FROM t;
CREATE OR REPLACE FUNCTION "f"(d)
 RETURNS d
 LANGUAGE sql
AS $function$select $1$function$;
