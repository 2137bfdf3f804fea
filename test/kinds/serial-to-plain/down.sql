CREATE SEQUENCE "t_id_seq" AS integer;
ALTER SEQUENCE "t_id_seq" OWNED BY "t"."id";
CREATE SEQUENCE "t_b_seq";
ALTER SEQUENCE "t_b_seq" OWNED BY "t"."b";
ALTER TABLE "t" ALTER COLUMN "id" SET DEFAULT nextval('t_id_seq'::regclass);
ALTER TABLE "t" ALTER COLUMN "b" SET DEFAULT nextval('t_b_seq'::regclass);
