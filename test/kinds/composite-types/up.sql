DROP FUNCTION "f"(a addr);
DROP TYPE "gone";
ALTER TYPE "addr" DROP ATTRIBUTE "old";
ALTER TYPE "addr" ADD ATTRIBUTE "city" text;
CREATE TYPE "pair" AS ("x" integer, "y" text COLLATE "C");
COMMENT ON COLUMN "pair"."y" IS 'second';
COMMENT ON TYPE "pair" IS 'two';
ALTER TABLE "t" ADD COLUMN "p" pair[];
CREATE OR REPLACE FUNCTION "f"(a addr)
 RETURNS text
 LANGUAGE sql
AS $function$select (a).street$function$;
