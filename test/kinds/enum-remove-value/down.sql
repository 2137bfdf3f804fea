ALTER TABLE "t" DROP CONSTRAINT "t_check";
ALTER TYPE "mood" ADD VALUE 'sad' BEFORE 'ok';
ALTER TABLE "t" ADD CONSTRAINT "t_check" CHECK (m <> 'sad'::mood OR id > 0);
