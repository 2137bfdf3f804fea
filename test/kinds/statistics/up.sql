DROP STATISTICS "gone";
DROP STATISTICS "s";
CREATE STATISTICS "s" (mcv, ndistinct) ON a, b FROM "t";
ALTER STATISTICS "e" SET STATISTICS 500;
CREATE STATISTICS "together" (dependencies, mcv, ndistinct) ON a, (b + 1) FROM "t";
COMMENT ON STATISTICS "together" IS 'together';
