DROP POLICY "p" ON "doc";
ALTER TABLE "member" ALTER COLUMN "org" SET DATA TYPE bigint USING "org"::bigint;
ALTER TABLE "doc" ALTER COLUMN "org" SET DATA TYPE bigint USING "org"::bigint;
CREATE POLICY "p" ON "doc" AS PERMISSIVE FOR ALL TO public
  USING ((org IN ( SELECT m.org
   FROM member m
  WHERE m.who = CURRENT_USER)));
