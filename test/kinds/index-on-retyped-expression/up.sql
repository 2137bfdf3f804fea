DROP INDEX "k";
DROP INDEX "i";
ALTER TABLE "t" ALTER COLUMN "a" SET DATA TYPE text USING "a"::text;
ALTER TABLE "t" ALTER COLUMN "b" SET DATA TYPE bigint USING "b"::bigint;
CREATE INDEX "i"
  ON "t" (lower(a))
  WHERE b > 0;
CREATE UNIQUE INDEX "k" ON "t" ((b + 1));
