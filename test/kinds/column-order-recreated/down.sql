DROP VIEW "v";
ALTER TABLE "t" DROP COLUMN "d";
ALTER TABLE "t" ADD COLUMN "b" integer;
CREATE VIEW "v" AS
 SELECT a,
    b,
    c
   FROM t;
