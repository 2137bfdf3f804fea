DROP INDEX "thing";
CREATE TABLE "thing" (
  "a" integer
);
