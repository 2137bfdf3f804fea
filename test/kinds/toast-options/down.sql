DROP TABLE IF EXISTS "v";
ALTER TABLE "t" RESET (toast.autovacuum_enabled, toast.autovacuum_vacuum_threshold);
ALTER TABLE "u" RESET (fillfactor);
ALTER TABLE "u" SET (toast.autovacuum_enabled=false);
