CREATE TABLE "t" (
  "id" serial PRIMARY KEY NOT NULL,
  "b" bigserial NOT NULL
);
ALTER TABLE "u" ALTER COLUMN "id" SET DEFAULT nextval('t_id_seq'::regclass);
CREATE TABLE "w" (
  "a" integer DEFAULT nextval('s'::regclass)
);
ALTER SEQUENCE "s" OWNED BY "w"."a";
