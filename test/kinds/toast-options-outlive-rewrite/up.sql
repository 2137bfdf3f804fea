ALTER TABLE "t" RESET (toast.autovacuum_enabled);
ALTER TABLE "t" DROP COLUMN "b";
ALTER TABLE "t" ALTER COLUMN "a" SET DATA TYPE bytea USING "a"::text::bytea;
ALTER TABLE "t" SET (toast.autovacuum_enabled=false);
