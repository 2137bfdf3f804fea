CREATE TYPE "mood" AS ENUM ('sad', 'it''s', 'ok');
ALTER TABLE "t" ADD COLUMN "m" mood DEFAULT 'sad' NOT NULL;
ALTER TABLE "t" ADD COLUMN "ms" mood[] DEFAULT '{sad,ok}';
