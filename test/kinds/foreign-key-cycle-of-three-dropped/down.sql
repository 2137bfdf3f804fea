CREATE TABLE "b" (
  "id" integer PRIMARY KEY NOT NULL,
  "x" integer
);
CREATE TABLE "c" (
  "id" integer PRIMARY KEY NOT NULL,
  "x" integer,
  CONSTRAINT "c_x_fkey" FOREIGN KEY ("x") REFERENCES "b"("id")
);
CREATE TABLE "a" (
  "id" integer PRIMARY KEY NOT NULL,
  "x" integer,
  "y" integer,
  CONSTRAINT "a_x_fkey" FOREIGN KEY ("x") REFERENCES "c"("id"),
  CONSTRAINT "a_y_fkey" FOREIGN KEY ("y") REFERENCES "a"("id")
);
ALTER TABLE "b" ADD CONSTRAINT "b_x_fkey" FOREIGN KEY ("x") REFERENCES "a"("id");
ALTER TABLE "d" ADD CONSTRAINT "d_x_fkey" FOREIGN KEY ("x") REFERENCES "a"("id");
CREATE TABLE "e" (
  "x" integer,
  CONSTRAINT "e_x_fkey" FOREIGN KEY ("x") REFERENCES "b"("id")
);
