ALTER TABLE "posts" DROP CONSTRAINT "posts_parent_fkey";
ALTER TABLE "posts" DROP CONSTRAINT "posts_user_id_fkey";
ALTER TABLE "users" ALTER COLUMN "id" SET DATA TYPE integer USING "id"::integer;
ALTER TABLE "posts" ALTER COLUMN "id" SET DATA TYPE integer USING "id"::integer;
ALTER TABLE "posts" ALTER COLUMN "user_id" SET DATA TYPE integer USING "user_id"::integer;
ALTER TABLE "posts" ALTER COLUMN "parent" SET DATA TYPE integer USING "parent"::integer;
ALTER TABLE "posts" ADD CONSTRAINT "posts_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE;
ALTER TABLE "posts" ADD CONSTRAINT "posts_parent_fkey" FOREIGN KEY ("parent") REFERENCES "posts"("id");
