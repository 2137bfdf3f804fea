DROP VIEW "v";
ALTER TYPE "addr" RENAME TO "addr__old";
CREATE TYPE "addr" AS ("street" text, "no" integer);
ALTER TABLE "t" ALTER COLUMN "a" SET DATA TYPE "addr" USING CASE WHEN "a" IS NULL THEN NULL ELSE ROW(("a")."street"::text::text, ("a")."no"::text::integer)::"addr" END;
DROP TYPE "addr__old";
CREATE VIEW "v" AS
 SELECT (a).street AS s
   FROM t;
