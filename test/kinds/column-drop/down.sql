ALTER TABLE "users" ADD COLUMN "email" text;
CREATE INDEX "users_email" ON "users" ("email");
CREATE INDEX "users_name_email" ON "users" ("name","email");
