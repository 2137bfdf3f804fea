ALTER TABLE "t" ALTER COLUMN "m" DROP DEFAULT;
ALTER TABLE "app"."t" ALTER COLUMN "m" DROP DEFAULT;
ALTER TYPE "app"."mood" RENAME TO "mood__old";
CREATE TYPE "app"."mood" AS ENUM ('a', 'b');
ALTER TABLE "app"."t" ALTER COLUMN "m" SET DATA TYPE "app"."mood" USING "m"::text::"app"."mood";
ALTER TABLE "t" ALTER COLUMN "m" SET DATA TYPE "app"."mood" USING "m"::text::"app"."mood";
DROP TYPE "app"."mood__old";
ALTER TABLE "app"."t" ALTER COLUMN "m" SET DEFAULT 'a';
ALTER TABLE "t" ALTER COLUMN "m" SET DEFAULT 'b';
