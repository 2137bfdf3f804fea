DROP VIEW "w";
DROP VIEW "v";
ALTER TABLE "t" ADD COLUMN "b" text;
CREATE VIEW "v" AS
 SELECT a,
    b
   FROM t;
CREATE VIEW "w" AS
 SELECT a,
    b
   FROM v;
