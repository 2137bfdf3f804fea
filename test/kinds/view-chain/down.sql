DROP VIEW "v3";
DROP VIEW "v2";
DROP VIEW "v1";
ALTER TABLE "t" ALTER COLUMN "a" SET DATA TYPE integer USING "a"::integer;
CREATE VIEW "v1" AS
 SELECT a,
    b
   FROM t;
CREATE VIEW "v2" AS
 SELECT a + 1 AS a1,
    b
   FROM v1;
CREATE VIEW "v3" AS
 SELECT a1,
    upper(b) AS b
   FROM v2;
COMMENT ON VIEW "v3" IS 'third';
