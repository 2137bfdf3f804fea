DROP INDEX "a"."t_x";
ALTER TABLE "b"."t" DROP CONSTRAINT "t_id_fkey";
ALTER TABLE "a"."t" ALTER COLUMN "id" SET DATA TYPE bigint USING "id"::bigint;
ALTER TABLE "b"."t" ALTER COLUMN "id" SET DATA TYPE bigint USING "id"::bigint;
ALTER TABLE "b"."t" ADD COLUMN "y" text;
ALTER TABLE "b"."t" ADD CONSTRAINT "t_id_fkey" FOREIGN KEY ("id") REFERENCES "a"."t"("id");
CREATE INDEX "t_x" ON "b"."t" ("y");
CREATE TABLE "t" (
  "id" integer
);
