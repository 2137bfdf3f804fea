DROP FUNCTION "f"(m mood);
ALTER TABLE "t" ALTER COLUMN "m2" DROP DEFAULT;
ALTER TABLE "t" ALTER COLUMN "ms" DROP DEFAULT;
ALTER TYPE "mood" RENAME TO "mood__old";
CREATE TYPE "mood" AS ENUM ('b', 'a');
ALTER TABLE "t" ALTER COLUMN "ms" SET DATA TYPE "mood"[] USING "ms"::text[]::"mood"[];
ALTER TABLE "t" ALTER COLUMN "m2" SET DATA TYPE "mood"[] USING "m2"::text[]::"mood"[];
DROP TYPE "mood__old";
ALTER TABLE "t" ALTER COLUMN "ms" SET DEFAULT '{a}';
ALTER TABLE "t" ALTER COLUMN "m2" SET DEFAULT ARRAY['a'::mood];
CREATE OR REPLACE FUNCTION "f"(m mood)
 RETURNS mood
 LANGUAGE sql
 IMMUTABLE
AS $function$select m$function$;
