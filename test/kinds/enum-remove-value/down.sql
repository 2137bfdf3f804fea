ALTER TABLE "t" DROP CONSTRAINT "t_check";
DROP VIEW "v2";
DROP VIEW "v";
DROP INDEX "t_ok";
ALTER TABLE "t" ALTER COLUMN "m" DROP DEFAULT;
ALTER TYPE "mood" RENAME TO "mood__old";
CREATE TYPE "mood" AS ENUM ('sad', 'ok', 'happy');
ALTER TABLE "t" ALTER COLUMN "m" SET DATA TYPE "mood" USING "m"::text::"mood";
ALTER TABLE "t" ALTER COLUMN "n" SET DATA TYPE "mood" USING "n"::text::"mood";
DROP TYPE "mood__old";
ALTER TABLE "t" ALTER COLUMN "m" SET DEFAULT 'ok';
CREATE INDEX "t_ok"
  ON "t" ("id")
  WHERE m = 'ok'::mood;
CREATE VIEW "v" AS
 SELECT id,
    m
   FROM t
  WHERE m <> 'happy'::mood;
CREATE VIEW "v2" AS
 SELECT id
   FROM v;
ALTER TABLE "t" ADD CONSTRAINT "t_check" CHECK (m <> 'sad'::mood OR id > 0);
