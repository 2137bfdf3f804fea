ALTER TABLE "u" RESET (toast.autovacuum_enabled);
ALTER TABLE "t" SET (toast.autovacuum_enabled=false, toast.autovacuum_vacuum_threshold=9);
ALTER TABLE "u" SET (fillfactor=70);
CREATE TABLE "v" (
  "a" text
);
ALTER TABLE "v" SET (toast.autovacuum_enabled=false);
ALTER TABLE "w" ADD COLUMN "b" text;
ALTER TABLE "w" SET (toast.autovacuum_enabled=false);
ALTER MATERIALIZED VIEW "m" SET (toast.autovacuum_enabled=true);
