DROP VIEW "Od d"."V";
DROP TABLE IF EXISTS "Od d"."T.x";
DROP FUNCTION "tf"();
DROP FUNCTION "Od d"."F n"("Ar g" integer);
DROP TABLE IF EXISTS "We""ird Table";
ALTER TABLE "select" ALTER COLUMN "a.b" DROP DEFAULT;
ALTER TABLE "select" DROP COLUMN "Üñï ☃";
DROP TYPE "Mo od";
DROP SCHEMA "Od d";
