ALTER TABLE "c" DROP CONSTRAINT "c_code_fkey";
ALTER TABLE "p" ALTER COLUMN "code" SET DATA TYPE varchar(20) USING "code"::varchar(20);
ALTER TABLE "c" ALTER COLUMN "code" SET DATA TYPE varchar(20) USING "code"::varchar(20);
ALTER TABLE "c" ADD CONSTRAINT "c_code_fkey" FOREIGN KEY ("code") REFERENCES "p"("code");
