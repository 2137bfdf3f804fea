ALTER TABLE "w" RESET (toast.autovacuum_enabled);
ALTER TABLE "w" DROP COLUMN "b";
DROP TABLE IF EXISTS "v";
ALTER TABLE "t" RESET (toast.autovacuum_enabled, toast.autovacuum_vacuum_threshold);
ALTER TABLE "u" RESET (fillfactor);
ALTER TABLE "u" SET (toast.autovacuum_enabled=false);
ALTER MATERIALIZED VIEW "m" SET (toast.autovacuum_enabled=false);
