CREATE TYPE "mood" AS ENUM ('a');
CREATE TABLE "t" (
  "id" integer PRIMARY KEY NOT NULL,
  "m" mood DEFAULT 'a'
);
CREATE OR REPLACE FUNCTION "f"(x t)
 RETURNS mood
 LANGUAGE sql
 STABLE
AS $function$select x.m$function$;
CREATE VIEW "v" AS
 SELECT f(t.*) AS m
   FROM t;
CREATE OR REPLACE FUNCTION "g"()
 RETURNS SETOF v
 LANGUAGE sql
AS $function$select * from public.v$function$;
CREATE POLICY "p" ON "t" AS PERMISSIVE FOR ALL TO public
  USING (f(t.*) = 'a'::mood);
CREATE MATERIALIZED VIEW "mv" AS
 SELECT m
   FROM g() g(m);
