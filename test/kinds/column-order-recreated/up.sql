DROP VIEW "v";
ALTER TABLE "t" DROP COLUMN "b";
ALTER TABLE "t" ADD COLUMN "d" integer;
CREATE VIEW "v" AS
 SELECT a,
    c,
    d
   FROM t;
