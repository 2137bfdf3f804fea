DROP INDEX "users_name_email";
DROP INDEX "users_email";
ALTER TABLE "users" DROP COLUMN "email";
