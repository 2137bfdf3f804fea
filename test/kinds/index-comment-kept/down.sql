DROP INDEX "i";
ALTER TABLE "t" ALTER COLUMN "a" SET DATA TYPE varchar(10) USING "a"::varchar(10);
CREATE INDEX "i" ON "t" (lower(a::text));
COMMENT ON INDEX "i" IS 'why';
