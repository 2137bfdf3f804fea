DROP TABLE IF EXISTS "n";
ALTER TABLE "t" SET (fillfactor=70, autovacuum_enabled=false);
ALTER TABLE "u" SET UNLOGGED;
