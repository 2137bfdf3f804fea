DROP FUNCTION "f"(x mood);
ALTER TYPE "mood" RENAME TO "mood__old";
CREATE TYPE "mood" AS ENUM ('b');
ALTER TABLE "t" ALTER COLUMN "m" SET DATA TYPE "mood" USING "m"::text::"mood";
DROP TYPE "mood__old";
CREATE OR REPLACE FUNCTION "f"(x mood DEFAULT 'b'::mood)
 RETURNS SETOF mood
 LANGUAGE sql
AS $function$select x$function$;
