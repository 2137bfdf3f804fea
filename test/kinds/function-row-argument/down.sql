DROP TABLE IF EXISTS "t2";
CREATE TABLE "t" (
  "a" integer,
  "b" text
);
CREATE OR REPLACE FUNCTION "label"(r t)
 RETURNS text
 LANGUAGE sql
AS $function$select r.b$function$;
