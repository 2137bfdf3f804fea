DROP INDEX "i";
ALTER TABLE "t" ALTER COLUMN "a" SET DATA TYPE text USING "a"::text;
CREATE INDEX "i" ON "t" (lower(a));
COMMENT ON INDEX "i" IS 'why';
