DROP TABLE IF EXISTS "thing";
CREATE INDEX "thing" ON "t" ("a");
