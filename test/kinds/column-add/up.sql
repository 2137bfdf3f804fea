ALTER TABLE "users" ADD COLUMN "name" text;
ALTER TABLE "users" ADD COLUMN "active" boolean DEFAULT true NOT NULL;
ALTER TABLE "users" ADD COLUMN "made" timestamptz DEFAULT now();
