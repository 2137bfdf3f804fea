ALTER TABLE "c" DROP CONSTRAINT "c_code_fkey";
ALTER TABLE "p" ALTER COLUMN "code" SET DATA TYPE text USING "code"::text;
ALTER TABLE "c" ALTER COLUMN "code" SET DATA TYPE text USING "code"::text;
ALTER TABLE "c" ADD CONSTRAINT "c_code_fkey" FOREIGN KEY ("code") REFERENCES "p"("code");
