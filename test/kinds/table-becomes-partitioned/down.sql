DROP VIEW "v";
DROP TABLE IF EXISTS "m1";
DROP TABLE IF EXISTS "m";
CREATE TABLE "m" (
  "id" integer NOT NULL,
  "a" text
);
CREATE VIEW "v" AS
 SELECT id
   FROM m;
