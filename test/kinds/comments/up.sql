COMMENT ON COLUMN "t"."b" IS NULL;
COMMENT ON COLUMN "t"."a" IS 'col';
COMMENT ON SCHEMA "app" IS 'app';
COMMENT ON TABLE "t" IS E'it''s
a \\ comment; -- $$';
COMMENT ON CONSTRAINT "bc" ON "t" IS 'check';
COMMENT ON CONSTRAINT "t_pkey" ON "t" IS 'key';
COMMENT ON INDEX "i" IS 'idx';
COMMENT ON TYPE "e" IS 'type';
COMMENT ON SEQUENCE "s" IS 'seq';
COMMENT ON COLUMN "v"."a" IS 'view col';
COMMENT ON VIEW "v" IS 'view';
COMMENT ON FUNCTION "f"() IS 'fn';
