ALTER TABLE "t" ALTER COLUMN "m" DROP DEFAULT;
ALTER TYPE "mood" RENAME TO "mood__old";
CREATE TYPE "mood" AS ENUM ('a', 'b');
ALTER TABLE "t" ALTER COLUMN "m" SET DATA TYPE "mood" USING "m"::text::"mood";
DROP TYPE "mood__old";
ALTER TABLE "t" ALTER COLUMN "m" SET DEFAULT 'b';
CREATE INDEX "i"
  ON "t" ("m")
  WHERE m = 'b'::mood;
