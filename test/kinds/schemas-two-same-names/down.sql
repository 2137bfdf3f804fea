DROP TABLE IF EXISTS "t";
DROP INDEX "b"."t_x";
ALTER TABLE "b"."t" DROP CONSTRAINT "t_id_fkey";
ALTER TABLE "b"."t" DROP COLUMN "y";
ALTER TABLE "a"."t" ALTER COLUMN "id" SET DATA TYPE integer USING "id"::integer;
ALTER TABLE "b"."t" ALTER COLUMN "id" SET DATA TYPE integer USING "id"::integer;
ALTER TABLE "b"."t" ADD CONSTRAINT "t_id_fkey" FOREIGN KEY ("id") REFERENCES "a"."t"("id");
CREATE INDEX "t_x" ON "a"."t" ("x");
