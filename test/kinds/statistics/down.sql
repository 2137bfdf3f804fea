DROP STATISTICS "together";
DROP STATISTICS "s";
CREATE STATISTICS "s" (ndistinct) ON a, b FROM "t";
CREATE STATISTICS "gone" (dependencies, mcv, ndistinct) ON b, c FROM "t";
ALTER STATISTICS "e" SET STATISTICS -1;
