DROP TABLE IF EXISTS "n";
ALTER TABLE "t" SET (autovacuum_enabled=false, fillfactor=70);
ALTER TABLE "u" SET UNLOGGED;
