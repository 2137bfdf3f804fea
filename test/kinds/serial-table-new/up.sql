CREATE TABLE "t" (
  "id" serial PRIMARY KEY NOT NULL,
  "b" bigserial NOT NULL
);
CREATE TABLE "u" (
  "id" integer DEFAULT nextval('t_id_seq'::regclass)
);
