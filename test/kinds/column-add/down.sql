ALTER TABLE "users" DROP COLUMN "made";
ALTER TABLE "users" DROP COLUMN "active";
ALTER TABLE "users" DROP COLUMN "name";
