CREATE TABLE "p" (
  "id" integer,
  "a" integer,
  CONSTRAINT "pos" CHECK (a > 0)
);
ALTER TABLE "c" INHERIT "p";
