ALTER TABLE "t" ALTER COLUMN "e" DROP DEFAULT;
CREATE SCHEMA "app";
CREATE TYPE "app"."e" AS ENUM ('a');
CREATE TABLE "app"."t" (
  "a" integer PRIMARY KEY NOT NULL,
  "e" app.e
);
ALTER TABLE "t" ALTER COLUMN "e" SET DATA TYPE app.e USING "e"::text::app.e;
ALTER TABLE "t" ALTER COLUMN "e" SET DEFAULT 'a';
ALTER TABLE "t" ADD CONSTRAINT "t_a_fkey" FOREIGN KEY ("a") REFERENCES "app"."t"("a");
CREATE OR REPLACE FUNCTION "app"."f"()
 RETURNS app.e
 LANGUAGE sql
AS $function$ select 'a'::app.e $function$;
CREATE SEQUENCE "app"."s";
ALTER SEQUENCE "app"."s" OWNED BY "app"."t"."a";
