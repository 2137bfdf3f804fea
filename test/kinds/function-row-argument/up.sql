DROP FUNCTION "label"(r t);
DROP TABLE IF EXISTS "t";
CREATE TABLE "t2" (
  "a" integer
);
