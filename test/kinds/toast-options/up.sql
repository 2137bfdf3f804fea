ALTER TABLE "t" SET (toast.autovacuum_enabled=false, toast.autovacuum_vacuum_threshold=9);
ALTER TABLE "u" RESET (toast.autovacuum_enabled);
ALTER TABLE "u" SET (fillfactor=70);
CREATE TABLE "v" (
  "a" text
) WITH (toast.autovacuum_enabled=false);
