ALTER TABLE "t" RESET (toast.autovacuum_enabled);
ALTER TABLE "t" ALTER COLUMN "a" SET DATA TYPE interval USING "a"::text::interval;
ALTER TABLE "t" ADD COLUMN "b" text;
ALTER TABLE "t" SET (toast.autovacuum_enabled=false);
