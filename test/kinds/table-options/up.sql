ALTER TABLE "t" RESET (autovacuum_enabled);
ALTER TABLE "t" SET (fillfactor=50);
ALTER TABLE "u" SET LOGGED;
CREATE UNLOGGED TABLE "n" (
  "a" integer
) WITH (autovacuum_vacuum_scale_factor=0.1);
