CREATE TABLE "We""ird Table" (
  " id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY NOT NULL,
  "user" integer,
  "where" text COLLATE "C",
  CONSTRAINT "ch ""k" CHECK ("where" <> 'x'::text),
  CONSTRAINT "We""ird Table_user_fkey" FOREIGN KEY ("user") REFERENCES "select"("from") ON DELETE CASCADE
);
COMMENT ON COLUMN "We""ird Table"."where" IS 'odd';
CREATE SCHEMA "Od d";
CREATE TYPE "Mo od" AS ENUM ('A "q"', 'it''s');
ALTER TABLE "select" ADD COLUMN "Üñï ☃" "Mo od"[] DEFAULT '{}';
ALTER TABLE "select" ALTER COLUMN "a.b" SET DEFAULT 'x';
CREATE INDEX "In dex.x" ON "We""ird Table" ("where",lower("where"));
CREATE SEQUENCE "Od d"."S q";
CREATE TABLE "Od d"."T.x" (
  "a" integer DEFAULT nextval('"Od d"."S q"'::regclass),
  "m" "Mo od",
  CONSTRAINT "T.x_a_fkey" FOREIGN KEY ("a") REFERENCES "We""ird Table"(" id")
);
CREATE VIEW "Od d"."V" AS
 SELECT a AS "A b"
   FROM "Od d"."T.x";
CREATE OR REPLACE FUNCTION "Od d"."F n"("Ar g" integer)
 RETURNS integer
 LANGUAGE sql
AS $function$select 1$function$;
CREATE OR REPLACE FUNCTION "tf"()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ begin return new; end $function$;
CREATE TRIGGER "Tr ig"
  BEFORE INSERT ON "Od d"."T.x"
  FOR EACH ROW EXECUTE FUNCTION tf();
COMMENT ON TRIGGER "Tr ig" ON "Od d"."T.x" IS 'odd';
CREATE POLICY "P ""p" ON "We""ird Table" AS PERMISSIVE FOR ALL TO public
  USING ("where" = 'ON "We""ird Table"'::text);
ALTER SEQUENCE "Od d"."S q" OWNED BY "Od d"."T.x"."a";
