ALTER TABLE "u" DROP COLUMN "m";
ALTER TABLE "u" DROP COLUMN "s";
DROP TYPE "shifts";
DROP FUNCTION "diff"(a integer, b integer);
ALTER TYPE "span" RENAME TO "span__old";
ALTER TYPE "span_multirange" RENAME TO "span_multirange__old";
DO $range$ DECLARE f regprocedure; BEGIN
  FOR f IN SELECT objid FROM pg_catalog.pg_depend WHERE classid = 'pg_proc'::regclass AND refclassid = 'pg_type'::regclass AND refobjid = '"span__old"'::regtype AND deptype = 'i' LOOP
    EXECUTE format('ALTER FUNCTION %s RENAME TO %I', f, 'span__old');
  END LOOP;
END $range$;
DO $range$ DECLARE f regprocedure; BEGIN
  FOR f IN SELECT objid FROM pg_catalog.pg_depend WHERE classid = 'pg_proc'::regclass AND refclassid = 'pg_type'::regclass AND refobjid = '"span_multirange__old"'::regtype AND deptype = 'i' LOOP
    EXECUTE format('ALTER FUNCTION %s RENAME TO %I', f, 'span_multirange__old');
  END LOOP;
END $range$;
CREATE TYPE "span" AS RANGE (SUBTYPE = double precision, MULTIRANGE_TYPE_NAME = "span_multirange");
ALTER TABLE "t" ALTER COLUMN "s" SET DATA TYPE "span" USING "s"::text::"span";
ALTER TABLE "t" ALTER COLUMN "m" SET DATA TYPE "span_multirange" USING "m"::text::"span_multirange";
DROP TYPE "span__old";
