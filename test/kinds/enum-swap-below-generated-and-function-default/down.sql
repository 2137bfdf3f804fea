DROP POLICY "p" ON "t";
DROP INDEX "u";
ALTER TABLE "t" DROP CONSTRAINT "m_ok";
ALTER TABLE "t" DROP COLUMN "g";
ALTER TABLE "t" ALTER COLUMN "m" DROP DEFAULT;
DROP FUNCTION "d"();
ALTER TYPE "mood" RENAME TO "mood__old";
CREATE TYPE "mood" AS ENUM ('a', 'b', 'c');
ALTER TABLE "t" ALTER COLUMN "m" SET DATA TYPE "mood" USING "m"::text::"mood";
ALTER TABLE "t" ALTER COLUMN "n" SET DATA TYPE "mood" USING "n"::text::"mood";
DROP TYPE "mood__old";
CREATE OR REPLACE FUNCTION "d"()
 RETURNS mood
 LANGUAGE sql
AS $function$ select 'a'::mood $function$;
ALTER TABLE "t" ALTER COLUMN "m" SET DEFAULT d();
ALTER TABLE "t" ADD COLUMN "g" boolean GENERATED ALWAYS AS (n = 'a'::mood) STORED;
ALTER TABLE "t" ADD CONSTRAINT "m_ok" CHECK (m <> 'b'::mood);
CREATE UNIQUE INDEX "u" ON "t" ((m = 'a'::mood));
CREATE POLICY "p" ON "t" AS PERMISSIVE FOR ALL TO public
  USING (m = 'a'::mood);
