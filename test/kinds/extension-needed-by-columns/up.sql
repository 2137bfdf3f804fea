CREATE EXTENSION IF NOT EXISTS "citext";
CREATE EXTENSION IF NOT EXISTS "pg_trgm";
CREATE EXTENSION IF NOT EXISTS "uuid-ossp";
CREATE TABLE "a" (
  "name" citext PRIMARY KEY NOT NULL,
  "tags" citext[]
);
ALTER TABLE "t" ADD COLUMN "token" uuid DEFAULT uuid_generate_v4();
CREATE INDEX "t_name" ON "t" USING gin ("name" gin_trgm_ops);
