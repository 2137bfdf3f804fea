DROP MATERIALIZED VIEW "m";
ALTER TABLE "t" ALTER COLUMN "a" SET DATA TYPE integer USING "a"::integer;
ALTER TABLE "t" ALTER COLUMN "b" SET DATA TYPE varchar(3) USING "b"::varchar(3);
CREATE MATERIALIZED VIEW "m" AS
 SELECT a,
    b
   FROM t;
CREATE UNIQUE INDEX "m_a" ON "m" ("a");
COMMENT ON INDEX "m_a" IS 'for refresh concurrently';
