DROP INDEX "m_b";
DROP INDEX "m_a";
COMMENT ON COLUMN "m"."a" IS NULL;
CREATE INDEX "m_a" ON "m" ("a");
