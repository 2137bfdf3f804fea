DROP STATISTICS "st";
DROP POLICY "p" ON "t";
DROP VIEW "v";
DROP INDEX "i";
ALTER TABLE "t" DROP CONSTRAINT "t_b_fkey";
ALTER TABLE "t" DROP CONSTRAINT "t_c_check";
ALTER TABLE "t" ALTER COLUMN "d" DROP DEFAULT;
ALTER TABLE "t" DROP COLUMN "e";
ALTER TABLE "t" ALTER COLUMN "id" SET DATA TYPE integer USING "id"::integer;
ALTER TABLE "t" ALTER COLUMN "a" SET DATA TYPE integer USING "a"::integer;
ALTER TABLE "t" ALTER COLUMN "b" SET DATA TYPE integer USING "b"::integer;
ALTER TABLE "t" ALTER COLUMN "c" SET DATA TYPE integer USING "c"::integer;
ALTER TABLE "t" ALTER COLUMN "d" SET DATA TYPE integer USING "d"::integer;
ALTER TABLE "t" ADD COLUMN "e" integer GENERATED ALWAYS AS (a + 1) STORED;
ALTER TABLE "t" ALTER COLUMN "f" SET DATA TYPE integer USING "f"::integer;
ALTER TABLE "t" ALTER COLUMN "d" SET DEFAULT 1;
ALTER TABLE "t" ADD CONSTRAINT "t_c_check" CHECK (c > 0);
ALTER TABLE "t" ADD CONSTRAINT "t_b_fkey" FOREIGN KEY ("b") REFERENCES "t"("a");
CREATE INDEX "i"
  ON "t" ("d") INCLUDE ("c")
  WHERE c > 1;
CREATE VIEW "v" AS
 SELECT id,
    a,
    b,
    c,
    d,
    e,
    f
   FROM t;
CREATE POLICY "p" ON "t" AS PERMISSIVE FOR ALL TO public
  USING (d > 1);
CREATE STATISTICS "st" (dependencies, mcv, ndistinct) ON a, d FROM "t";
