DROP INDEX "m_a";
COMMENT ON COLUMN "m"."a" IS 'a';
CREATE INDEX "m_a"
  ON "m" ("a")
  WHERE b IS NOT NULL;
CREATE INDEX "m_b" ON "m" ("b");
