CREATE TABLE "b" (
  "id" integer PRIMARY KEY NOT NULL,
  "a" integer,
  "self" integer,
  CONSTRAINT "b_self_fkey" FOREIGN KEY ("self") REFERENCES "b"("id")
);
CREATE TABLE "a" (
  "id" integer PRIMARY KEY NOT NULL,
  "b" integer,
  CONSTRAINT "a_b_fkey" FOREIGN KEY ("b") REFERENCES "b"("id")
);
ALTER TABLE "b" ADD CONSTRAINT "b_a_fkey" FOREIGN KEY ("a") REFERENCES "a"("id");
