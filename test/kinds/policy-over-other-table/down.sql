DROP POLICY "p" ON "doc";
ALTER TABLE "member" ALTER COLUMN "org" SET DATA TYPE integer USING "org"::integer;
ALTER TABLE "doc" ALTER COLUMN "org" SET DATA TYPE integer USING "org"::integer;
CREATE POLICY "p" ON "doc" AS PERMISSIVE FOR ALL TO public
  USING ((org IN ( SELECT m.org
   FROM member m
  WHERE m.who = CURRENT_USER)));
