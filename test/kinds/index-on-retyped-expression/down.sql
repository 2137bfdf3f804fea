DROP INDEX "k";
DROP INDEX "i";
ALTER TABLE "t" ALTER COLUMN "a" SET DATA TYPE varchar(10) USING "a"::varchar(10);
ALTER TABLE "t" ALTER COLUMN "b" SET DATA TYPE integer USING "b"::integer;
CREATE INDEX "i"
  ON "t" (lower(a::text))
  WHERE b > 0;
CREATE UNIQUE INDEX "k" ON "t" ((b + 1));
