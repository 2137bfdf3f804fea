CREATE EXTENSION IF NOT EXISTS "btree_gist";
CREATE TABLE "room" (
  "id" integer,
  "r" tstzrange,
  CONSTRAINT "room_id_r_excl" EXCLUDE USING gist (id WITH =, r WITH &&)
);
