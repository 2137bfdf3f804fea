DROP RULE "old" ON "t";
CREATE OR REPLACE RULE keep AS
    ON DELETE TO t
   WHERE old.id > 10 DO INSTEAD NOTHING;
ALTER TABLE "t" DISABLE RULE "keep";
CREATE RULE put AS
    ON INSERT TO v DO INSTEAD  INSERT INTO t (id, a)
  VALUES (new.id, new.a);
COMMENT ON RULE "put" ON "v" IS 'goes through';
