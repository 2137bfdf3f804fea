CREATE SCHEMA "app";
CREATE TABLE "app"."orders" (
  "id" integer PRIMARY KEY NOT NULL,
  "note" text
);
CREATE TABLE "local" (
  "id" integer PRIMARY KEY NOT NULL,
  "order_id" integer,
  CONSTRAINT "local_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "app"."orders"("id")
);
