ALTER TABLE "posts" DROP CONSTRAINT "posts_user_id_fkey";
DROP TABLE IF EXISTS "old_users";
CREATE TABLE "users" (
  "id" integer PRIMARY KEY NOT NULL
);
ALTER TABLE "posts" ADD CONSTRAINT "posts_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id");
