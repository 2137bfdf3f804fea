DROP VIEW "v";
ALTER TYPE "addr" RENAME TO "addr__old";
CREATE TYPE "addr" AS ("no" bigint, "street" character varying(50), "city" text);
ALTER TABLE "t" ALTER COLUMN "a" SET DATA TYPE "addr" USING CASE WHEN "a" IS NULL THEN NULL ELSE ROW(("a")."no"::text::bigint, ("a")."street"::text::character varying(50), NULL)::"addr" END;
DROP TYPE "addr__old";
CREATE VIEW "v" AS
 SELECT (a).street AS s
   FROM t;
